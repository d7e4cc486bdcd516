"""Which operations Apple's plugin can do on the GPU."""

from __future__ import annotations

import json

import pytest

from environments import real
from m1doctor.knowledge import pairings
from m1doctor.knowledge.kernels import kernel_table, known_plugins

REFERENCE = real.SHARED / "reference" / "kernels"


def test_there_is_a_table_of_the_newest_plugin() -> None:
    newest = pairings.load().plugins[-1].version
    assert known_plugins()[-1] == newest
    table = kernel_table(newest)
    assert table is not None
    assert table.plugin == newest


def test_every_published_plugin_was_read() -> None:
    assert known_plugins() == tuple(release.version for release in pairings.load().plugins)


def test_a_table_belongs_to_the_wheels_that_hold_its_library() -> None:
    # The wheel of 0.8.0 for Python 3.11 has kernels for half precision, those for older Pythons have none.
    newer, older = kernel_table("0.8.0", "3.11"), kernel_table("0.8.0", "3.10")
    assert newer is not None
    assert older is not None
    assert newer.has("MatMul", "float16")
    assert not older.has("MatMul", "float16")
    assert kernel_table("0.8.0") == older


def test_kernels_are_counted_by_combinations_of_types() -> None:
    table = kernel_table("1.2.0")
    assert table is not None
    assert (table.count(), len(table.kernels)) == (560, 184)


def test_of_a_plugin_that_was_not_read_nothing_is_known() -> None:
    assert kernel_table("9.9.9") is None
    assert kernel_table("../chips") is None


@pytest.mark.parametrize("version", known_plugins())
def test_each_table_belongs_to_a_published_plugin_and_names_its_source_and_date(version: str) -> None:
    table = kernel_table(version)
    assert table is not None
    assert table.plugin == version
    assert pairings.load().plugin(version) is not None
    assert table.source
    assert table.date.count("-") == 2
    assert table.conditional <= set(table.kernels)
    assert table.has("MatMul", "float32")
    assert table.has("LogicalAnd", "bool")


@pytest.mark.parametrize("version", known_plugins())
def test_no_plugin_computes_with_float64(version: str) -> None:
    table = kernel_table(version)
    assert table is not None
    assert [op for op in table.kernels if table.kernels[op][0].types and table.has(op, "float64")] == [
        "AssignVariableOp"
    ]


@pytest.mark.parametrize(
    ("op", "dtype", "there"),
    [
        ("MatMul", "float32", True),
        ("MatMul", "bfloat16", True),
        ("Sigmoid", "float32", True),
        ("Sigmoid", "float16", False),
        ("Conv3D", "float32", False),
        ("Einsum", "float32", False),
        # Its indices may be int64; what it gathers may be int32, and never float64.
        ("GatherV2", "int32", True),
        ("GatherV2", "int64", False),
        # Statistics in float32 beside half precision data are no reason to call the op float32.
        ("FusedBatchNormV3", "float16", True),
        ("Range", "int64", True),
        ("Cast", "bool", True),
    ],
)
def test_the_newest_plugin_has_it_or_not(op: str, dtype: str, there: bool) -> None:  # noqa: FBT001 - a table
    table = kernel_table("1.2.0")
    assert table is not None
    assert table.has(op, dtype) is there


def test_a_node_is_served_only_with_all_of_its_types() -> None:
    table = kernel_table("1.2.0")
    assert table is not None
    assert table.serves("Sum", {"T": "float32", "Tidx": "int32"})
    assert not table.serves("Sum", {"T": "int32", "Tidx": "int32"})
    assert not table.serves("Sum", {"T": "float32"})
    assert table.serves("LogicalAnd", {})
    assert table.serves("MatMul", {"T": "float32", "transpose_a": "anything"})


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the recorded tables are not at hand")
@pytest.mark.parametrize("path", sorted(REFERENCE.glob("metal_kernels_*.json")), ids=lambda path: path.stem)
def test_a_table_holds_what_was_recorded_elsewhere(path) -> None:  # noqa: ANN001 - Path
    recorded = json.loads(path.read_text())
    table = kernel_table(recorded["version"], "3.11" if recorded["version"] == "0.8.0" else None)
    assert table is not None
    expected = {(op, tuple(sorted(map(tuple, types)))) for op, types, _, _ in recorded["kernels"]}
    expanded = set()
    for op, kernels in table.kernels.items():
        for kernel in kernels:
            combinations: list[tuple[tuple[str, str], ...]] = [()]
            for attribute, allowed in kernel.types.items():
                combinations = [(*before, (attribute, dtype)) for before in combinations for dtype in allowed]
            expanded |= {(op, tuple(sorted(combination))) for combination in combinations}
    assert expanded == expected
    for op, _, host, conditional in recorded["kernels"]:
        assert table.kernels[op][0].host == set(host)
        assert (op in table.conditional) == bool(conditional)
