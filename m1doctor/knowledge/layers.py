"""Which operations the layers, activations, losses and optimizers of Keras are made of, and so which have no kernel.

Each was traced once, forward and backward, in TensorFlow for Linux. Only those operations are listed that need a
kernel of the plugin: TensorFlow does the rest itself on any device, or leaves it to the CPU because it only counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.knowledge.kernels import KernelTable
from m1doctor.knowledge.pairings import version_key
from m1doctor.model.record import record

_HALVES, _STEADIER = ("float16", "bfloat16"), "float32"
_DATA = Path(__file__).with_name("layers.toml")


class Kind(StrEnum):
    """What was traced."""

    LAYER = "layer"
    ACTIVATION = "activation"
    LOSS = "loss"
    OPTIMIZER = "optimizer"
    FUNCTION = "function"
    """A function of TensorFlow itself, e.g. ``"tf.einsum"``."""


@record(frozen=True, slots=True, kw_only=True)
class When:
    """Which setting of a layer's options an entry is about."""

    option: str
    value: Any
    equal: bool
    """Whether the option has this value, or any other than this one."""

    def holds(self, config: Mapping[str, Any]) -> bool:
        """Whether `config`, which may leave out what is as usual, has the setting."""
        if self.option not in config:
            return False
        given = config[self.option]
        same = all(each == self.value for each in given) if isinstance(given, (list, tuple)) else given == self.value
        return same is self.equal


@record(frozen=True, slots=True, kw_only=True)
class Operations:
    """What one layer, activation, loss, optimizer or function is made of."""

    kind: Kind
    name: str
    when: When | None
    """`None` for the usual setting."""
    traced: tuple[str, ...]
    """Releases of TensorFlow in which it is made of just these, the oldest first."""
    ops: tuple[str, ...]
    """``"MatMul"`` computes with the layer's own type, ``"Where:bool"`` always with that one, and ``"Mean:float32"`` in
    half precision, too."""

    def without_kernel(self, table: KernelTable, dtype: str) -> tuple[str, ...]:
        """The ops that the plugin has no kernel of where the layer computes with `dtype`, by name."""
        parted = (op.partition(":") for op in self.ops)
        needed = (
            (name, dtype if fixed in ("", _STEADIER) and dtype not in _HALVES else fixed or dtype)
            for name, _, fixed in parted
        )
        return tuple(dict.fromkeys(name for name, each in needed if not table.has(name, each)))


@record(frozen=True, slots=True, kw_only=True)
class Layers:
    """The whole table."""

    releases: Mapping[str, str]
    """The releases of TensorFlow that were traced, the oldest first, with the Keras of each."""
    usual: str
    """The release that is meant where none is named."""
    entries: tuple[Operations, ...]
    source: str
    date: str

    def release(self, tensorflow: str | None) -> str:
        """The traced release that stands for `tensorflow`: the newest that is not newer, or else the oldest."""
        if tensorflow is None:
            return self.usual
        wanted = version_key(tensorflow)
        older = [each for each in self.releases if version_key(each) <= wanted]
        return older[-1] if older else next(iter(self.releases))

    def find(
        self, kind: Kind, name: str, config: Mapping[str, Any] | None = None, tensorflow: str | None = None
    ) -> tuple[Operations, ...]:
        """What `name` with these options is made of in a release of TensorFlow; nothing where it was not traced."""
        release = self.release(tensorflow)
        entries = [each for each in self.entries if (each.kind, each.name) == (kind, name) and release in each.traced]
        special = tuple(each for each in entries if each.when is not None and each.when.holds(config or {}))
        return special or tuple(each for each in entries if each.when is None)


@cache
def load() -> Layers:
    """Read the table that ships with m1doctor, once."""
    import tomllib  # noqa: PLC0415 - only what asks for layers pays for it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return Layers(
        releases={entry["tensorflow"]: entry["keras"] for entry in document["traced"]},
        usual=document["usual"],
        entries=tuple(
            Operations(
                kind=kind,
                name=name,
                when=_when(entry.get("when")),
                traced=tuple(entry.get("traced", [each["tensorflow"] for each in document["traced"]])),
                ops=tuple(entry["ops"].split()),
            )
            for kind in Kind
            for name, entries in document[kind].items()
            for entry in entries
        ),
        source=document["source"],
        date=document["date"],
    )


def _when(entry: dict[str, Any] | None) -> When | None:
    if entry is None:
        return None
    equal = "is" in entry
    return When(option=entry["option"], value=entry["is" if equal else "not"], equal=equal)
