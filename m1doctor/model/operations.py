"""Which operations of a model run on the GPU: what was traced, and what that comes to."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class Group:
    """One operation with its types, as often as it occurs in one layer."""

    layer: int | None
    """Place of the layer in `Traced.layers`; `None` for what belongs to none."""
    op: str
    types: dict[str, list[str]]
    """Types by attribute."""
    times: int
    served: bool
    """Whether the running TensorFlow, with the plugins that it loaded, has a kernel of it for the GPU."""


@record(frozen=True, slots=True, kw_only=True)
class Traced:
    """What the child of the target saw of a model."""

    gpu: bool
    """Whether a plugin offered a GPU, so that its kernels count among those that serve."""
    tensorflow: str
    keras: str | None = None
    layers: list[tuple[str, str]]
    """Name and class of each layer; the class is empty in a graph that does not tell."""
    groups: list[Group]
    edges: list[tuple[int, int, int]]
    """From which group to which, and how often: the places in `groups`."""
    notes: list[str]
    """What could not be traced, in sentences."""


class Place(StrEnum):
    """Where an operation runs."""

    GPU = "gpu"
    HOST = "host"
    """On the CPU as intended: it only counts (shapes, positions, seeds)."""
    CPU = "cpu"
    """On the CPU because the plugin has no kernel of it: its data are copied there and back."""


@record(frozen=True, slots=True, kw_only=True)
class Fallen:
    """An operation that the plugin has no kernel of."""

    op: str
    types: tuple[str, ...]
    """Of the data that it computes with; none for one whose type is always the same."""
    times: int | None
    """How often one step runs it; `None` where nothing was traced."""


@record(frozen=True, slots=True, kw_only=True)
class LayerPlaces:
    """Where the operations of one layer run."""

    name: str
    kind: str
    """Its class; empty where that is not known."""
    known: bool
    """Whether it is known what the layer is made of."""
    gpu: int | None = None
    """Operations on the GPU; `None` where nothing was traced."""
    host: int | None = None
    """Operations that only count."""
    fallen: tuple[Fallen, ...] = ()
    copies_to_cpu: int | None = None
    """Tensors that a step brings from the GPU to operations of the layer on the CPU, at least."""
    copies_to_gpu: int | None = None


class Source(StrEnum):
    """How it is known what the model is made of."""

    TRACED = "traced"
    """Traced in the target's TensorFlow."""
    GRAPH = "graph"
    """Read from the graph of a SavedModel by the target's TensorFlow."""
    CONFIGURATION = "configuration"
    """Read from the model's configuration, layer by layer; nothing was run."""


@record(frozen=True, slots=True, kw_only=True)
class ModelPlaces:
    """The answer."""

    model: str
    source: Source
    plugin: str | None
    """The release of Apple's plugin whose kernels are meant; `None` where the running plugin itself was asked."""
    plugin_why: str
    kernels_source: str
    kernels_date: str | None
    tensorflow: str | None
    keras: str | None
    dtype: str | None
    """The type of computation that was asked for; `None` for the model's own."""
    training: bool
    """Whether gradients, loss and optimizer are part of it."""
    layers: tuple[LayerPlaces, ...]
    notes: tuple[str, ...]
