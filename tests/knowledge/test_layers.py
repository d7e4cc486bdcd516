"""What the layers of Keras are made of, and which of it has no kernel on the GPU."""

from __future__ import annotations

import re

import pytest

from environments import real
from m1doctor.knowledge import layers
from m1doctor.knowledge.kernels import KernelTable, kernel_table, known_plugins
from m1doctor.knowledge.layers import Kind, When

RECORDED = real.SHARED / "reference" / "kernels" / "layer_coverage_1.2.0_float32.txt"
_LINE = re.compile(r"  (layer|loss|function|optimizer) +(\S+) +-?\d+ nodes; no GPU kernel: (.*)")
_DATA = re.compile(r"(\w+)\((?:float32|complex64|bool)")


def _newest() -> KernelTable:
    table = kernel_table(known_plugins()[-1])
    assert table is not None
    return table


def _gaps(
    kind: Kind, name: str, *, dtype: str = "float32", tensorflow: str | None = None, **config: object
) -> set[str]:
    found = layers.load().find(kind, name, config, tensorflow)
    assert found, name
    return {op for each in found for op in each.without_kernel(_newest(), dtype)}


def test_the_table_says_where_and_when_it_was_traced() -> None:
    table = layers.load()
    assert table.usual in table.releases
    assert table.source
    assert table.date
    assert all(set(entry.traced) <= set(table.releases) for entry in table.entries)


def test_every_entry_has_a_usual_setting_beside_its_special_ones() -> None:
    entries = layers.load().entries
    usual = {(entry.kind, entry.name, release) for entry in entries if entry.when is None for release in entry.traced}
    for entry in entries:
        assert all((entry.kind, entry.name, release) in usual for release in entry.traced)


@pytest.mark.parametrize(
    "name", ["Dense", "Conv2D", "BatchNormalization", "LayerNormalization", "Dropout", "Embedding"]
)
def test_common_layers_run_on_the_gpu(name: str) -> None:
    assert not _gaps(Kind.LAYER, name)


def test_a_dilated_convolution_moves_data_on_the_cpu() -> None:
    gaps = {"BatchToSpaceND", "SpaceToBatchND"}
    assert _gaps(Kind.LAYER, "Conv2D", dilation_rate=2) == gaps
    assert _gaps(Kind.LAYER, "Conv2D", dilation_rate=[2, 2]) == gaps
    assert _gaps(Kind.LAYER, "Conv2D", dilation_rate=[1, 1]) == set()


@pytest.mark.parametrize(
    ("name", "dtype", "gap"),
    [("elu", "float32", True), ("relu", "float32", False), ("sigmoid", "float32", False), ("sigmoid", "float16", True)],
)
def test_an_activation_has_a_gap_in_the_types_that_have_no_kernel(name: str, dtype: str, gap: bool) -> None:  # noqa: FBT001 - a table
    assert bool(_gaps(Kind.ACTIVATION, name, dtype=dtype)) is gap


def test_a_recurrent_layer_is_one_fused_operation_until_a_setting_forbids_it() -> None:
    usual = layers.load().find(Kind.LAYER, "LSTM", {"activation": "tanh"})
    assert "CudnnRNNV3" in usual[0].ops
    assert _gaps(Kind.LAYER, "LSTM", activation="tanh") == set()
    assert "CudnnRNNV3" not in layers.load().find(Kind.LAYER, "LSTM", {"activation": "relu"})[0].ops


def test_in_float64_nothing_that_computes_has_a_kernel() -> None:
    assert _gaps(Kind.LAYER, "Dense", dtype="float64") == {"BiasAdd", "BiasAddGrad", "MatMul"}


def test_what_a_layer_is_made_of_is_taken_from_the_nearest_older_release() -> None:
    table = layers.load()
    newest, oldest = list(table.releases)[-1], next(iter(table.releases))
    assert table.release(None) == table.usual
    assert table.release("9.9") == newest
    assert table.release("1.0") == oldest
    assert _gaps(Kind.ACTIVATION, "gelu", tensorflow="2.18.0") == set()
    assert _gaps(Kind.ACTIVATION, "gelu", tensorflow="2.21.0") == {"Erfc"}


def test_what_was_not_traced_is_not_known() -> None:
    assert layers.load().find(Kind.LAYER, "MyOwnLayer") == ()


@pytest.mark.parametrize(
    ("when", "config", "holds"),
    [
        (When(option="unroll", value=False, equal=False), {"unroll": True}, True),
        (When(option="unroll", value=False, equal=False), {"unroll": False}, False),
        (When(option="unroll", value=False, equal=False), {}, False),
        (When(option="dilation_rate", value=1, equal=False), {"dilation_rate": [1, 2]}, True),
        (When(option="interpolation", value="nearest", equal=True), {"interpolation": "nearest"}, True),
        (When(option="interpolation", value="nearest", equal=True), {"interpolation": "area"}, False),
    ],
)
def test_a_setting_holds_or_not(when: When, config: dict[str, object], holds: bool) -> None:  # noqa: FBT001 - a table
    assert when.holds(config) is holds


def _recorded() -> list[tuple[str, str, str]]:
    """What is in both lists: a name with a remark stands for a setting, and is not compared."""
    found = [_LINE.fullmatch(line) for line in RECORDED.read_text().splitlines()] if RECORDED.is_file() else []
    rows = [(match[1], match[2], match[3]) for match in found if match]
    return [row for row in rows if layers.load().find(Kind(row[0]), row[1])]


@pytest.mark.skipif(not RECORDED.is_file(), reason="the recorded coverage is not at hand")
def test_the_gaps_are_those_that_were_recorded_elsewhere() -> None:
    rows = _recorded()
    assert len(rows) > 30
    for kind, name, missing in rows:
        assert _gaps(Kind(kind), name, tensorflow="2.21.0") >= set(_DATA.findall(missing)), name
