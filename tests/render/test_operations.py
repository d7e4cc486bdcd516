"""The answer of `m1doctor ops` in its three forms."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from m1doctor.model.operations import Fallen, LayerPlaces, ModelPlaces, Source
from m1doctor.render import operations as render

FALLEN = LayerPlaces(
    name="attention",
    kind="MultiHeadAttention",
    known=True,
    gpu=9,
    host=2,
    fallen=(Fallen(op="Einsum", types=("float32",), times=6), Fallen(op="All", types=(), times=1)),
    copies_to_cpu=12,
    copies_to_gpu=10,
)
SOUND = LayerPlaces(name="dense", kind="Dense", known=True, gpu=4, host=0)
OWN = LayerPlaces(name="block", kind="MyBlock", known=False)
PLACES = ModelPlaces(
    model="m.keras",
    source=Source.TRACED,
    plugin="1.2.0",
    plugin_why="installed in the target",
    kernels_source="registered by the library itself",
    kernels_date="2026-11-26",
    tensorflow="2.18.1",
    keras="3.8.0",
    dtype=None,
    training=True,
    layers=(FALLEN, SOUND),
    notes=("its loss was not traced",),
)


def test_the_page_names_what_falls_and_what_it_costs() -> None:
    text = render.operations_as_text(PLACES, width=80)
    assert text.startswith("✗ 1 of 2 parts of the model has operations that fall to the CPU.\n")
    assert "6 x Einsum(float32); All; copies 12 to the CPU, 10 back" in " ".join(text.split())
    assert "7 operations on the CPU" in text
    assert "dense (Dense)" in text
    assert "its loss was not traced" in text


@pytest.mark.parametrize(
    ("layers", "head"),
    [
        ((SOUND,), "✓ Every operation of 1 part of the model has a kernel on the GPU."),
        ((SOUND, OWN), "? Nothing is known to fall to the CPU, but 1 of 2 parts of the model is not known."),
    ],
)
def test_the_headline_says_no_more_than_is_known(layers: tuple[LayerPlaces, ...], head: str) -> None:
    assert render.operations_as_text(replace(PLACES, layers=layers), width=100).splitlines()[0] == head


def test_what_was_not_traced_is_not_counted() -> None:
    layer = LayerPlaces(
        name="c", kind="Conv3D", known=True, fallen=(Fallen(op="Conv3D", types=("float32",), times=None),)
    )
    text = render.operations_as_text(replace(PLACES, layers=(layer,)), width=80)
    assert "how often was not traced" in " ".join(text.split())
    assert "copies" not in text


def test_markdown_has_the_same_table_and_names_cannot_break_it() -> None:
    evil = replace(FALLEN, name="a|b`<script>\x1b[31m\n\u202e")
    text = render.operations_as_markdown(replace(PLACES, layers=(evil,)))
    assert "| layer | operations |\n|---|---|\n" in text
    assert "<script>" not in text
    (row,) = (line for line in text.splitlines() if "Einsum" in line)
    assert row.count("|") == 3
    assert "\x1b" not in text


def test_json_holds_the_whole_answer() -> None:
    document = json.loads(render.operations_as_json(PLACES))
    assert document["schema_version"] == 1
    assert document["layers"][0]["fallen"][0] == {"op": "Einsum", "times": 6, "types": ["float32"]}


@pytest.mark.parametrize("width", [40, 80])
def test_the_page_keeps_to_the_width(width: int) -> None:
    lines = render.operations_as_text(PLACES, width=width).splitlines()
    assert all(len(line) <= width for line in lines)
