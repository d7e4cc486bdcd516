"""Where the operations of a traced model run, and what is copied."""

from __future__ import annotations

import pytest

from m1doctor.knowledge.kernels import KernelTable, kernel_table
from m1doctor.model.operations import Group, Place, Traced
from m1doctor.support.operations import graph


def _table() -> KernelTable:
    table = kernel_table("1.2.0")
    assert table is not None
    return table


def _group(op: str, layer: int | None = 0, *, served: bool = False, times: int = 1, **types: str) -> Group:
    return Group(layer=layer, op=op, types={name: [dtype] for name, dtype in types.items()}, times=times, served=served)


@pytest.mark.parametrize(
    ("group", "place"),
    [
        (_group("MatMul", T="float32"), Place.GPU),
        (_group("MatMul", T="float64"), Place.CPU),
        (_group("Einsum", T="float32"), Place.CPU),
        (_group("Einsum", T="float32", served=True), Place.GPU),
        (_group("StridedSlice", T="int32", Index="int32"), Place.HOST),
        (_group("StatelessRandomGetKeyCounter", Tseed="int32"), Place.HOST),
        (_group("Any", Tidx="int32"), Place.CPU),
        (_group("Where", T="bool"), Place.CPU),
        (_group("LogicalAnd"), Place.GPU),
    ],
    ids=lambda value: value.op if isinstance(value, Group) else str(value),
)
def test_an_operation_is_placed_by_its_types(group: Group, place: Place) -> None:
    assert graph.place_of(group, _table()) is place


def test_without_a_table_only_what_runs_counts() -> None:
    assert graph.place_of(_group("MatMul", T="float32"), None) is Place.CPU
    assert graph.place_of(_group("MatMul", T="float32", served=True), None) is Place.GPU


def test_copies_are_counted_where_data_cross_between_the_processors() -> None:
    traced = Traced(
        gpu=False,
        tensorflow="2.18.1",
        layers=[("first", "Dense"), ("second", "MultiHeadAttention"), (graph.OPTIMIZER, "Adam")],
        groups=[
            _group("MatMul", 0, T="float32"),
            _group("Einsum", 1, T="float32", times=2),
            _group("Softmax", 1, T="float32"),
            _group("Const", 1, served=True, dtype="float32"),
            _group("Shape", 1, served=True, T="float32", out_type="int32"),
            _group("AddV2", 2, T="float32"),
            _group("Placeholder", None, served=True, dtype="float32"),
        ],
        edges=[(0, 1, 1), (1, 2, 1), (2, 1, 1), (3, 1, 1), (6, 0, 1), (1, 1, 1), (1, 4, 1)],
        notes=[],
    )
    first, second, third = graph.places_of(traced, _table())
    assert (first.gpu, first.fallen, first.copies_to_cpu, first.copies_to_gpu) == (1, (), 0, 0)
    assert [(each.op, each.types, each.times) for each in second.fallen] == [("Einsum", ("float32",), 2)]
    assert (second.copies_to_cpu, second.copies_to_gpu) == (2, 2)
    assert (third.name, third.kind) == ("optimizer", "Adam")
