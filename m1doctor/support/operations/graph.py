"""What a traced model tells: where each operation of each layer runs, and what is copied between the processors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from m1doctor.knowledge.kernels import KernelTable, data_types
from m1doctor.model.operations import Fallen, Group, LayerPlaces, Place, Traced

OPTIMIZER, LOSS = "m1doctor_optimizer", "m1doctor_loss"
"""Names that the child gives to what is no layer."""
_ANYWHERE = frozenset({"Const", "Placeholder", "_Arg", "VarHandleOp", "NoOp"})
"""They bring what they hold to wherever it is needed first, so that nothing is copied from them."""


def place_of(group: Group, table: KernelTable | None) -> Place:
    """Where an operation runs with the kernels of the running TensorFlow and those of `table`."""
    types = {name: listed[0] for name, listed in group.types.items() if len(listed) == 1}
    if group.served or (table is not None and table.serves(group.op, types)):
        return Place.GPU
    data = data_types(group.types)
    return Place.HOST if data is not None and not data else Place.CPU


def places_of(traced: Traced, table: KernelTable | None) -> tuple[LayerPlaces, ...]:
    """Where the layers of a traced model run. With no `table` only the kernels of the running TensorFlow count."""
    places = [place_of(group, table) for group in traced.groups]
    down, up = _copies(traced, places)
    return tuple(_layer(traced, places, index, down[index], up[index]) for index in range(len(traced.layers)))


def _layer(traced: Traced, places: list[Place], index: int, down: int, up: int) -> LayerPlaces:
    name, kind = traced.layers[index]
    mine = [(group, place) for group, place in zip(traced.groups, places, strict=True) if group.layer == index]
    times: Counter[Place] = Counter()
    for group, place in mine:
        times[place] += group.times
    fallen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for group, place in mine:
        if place is Place.CPU:
            fallen[group.op, tuple(sorted(data_types(group.types) or ()))] += group.times
    return LayerPlaces(
        name={OPTIMIZER: "optimizer", LOSS: "loss"}.get(name, name),
        kind=kind,
        known=True,
        gpu=times[Place.GPU],
        host=times[Place.HOST],
        fallen=tuple(Fallen(op=op, types=types, times=number) for (op, types), number in sorted(fallen.items())),
        copies_to_cpu=down,
        copies_to_gpu=up,
    )


def _copies(traced: Traced, places: list[Place]) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Tensors that cross between the processors, by the layer of the operation on the CPU that needs or makes them."""
    down: Counter[int] = Counter()
    up: Counter[int] = Counter()
    for source, sink, times in traced.edges:
        before, after = traced.groups[source], traced.groups[sink]
        if before.op in _ANYWHERE:
            continue
        if (places[source], places[sink]) == (Place.GPU, Place.CPU) and after.layer is not None:
            down[after.layer] += times
        elif (places[source], places[sink]) == (Place.CPU, Place.GPU) and before.layer is not None:
            up[before.layer] += times
    return down, up
