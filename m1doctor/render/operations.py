"""The answer of `m1doctor ops` as text, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from m1doctor.model.operations import LayerPlaces, ModelPlaces, Source
from m1doctor.render.blocks import Block, Headline, Say, Section, Table, drawn, marked_down
from m1doctor.render.page import Canvas
from m1doctor.render.plain import plain
from m1doctor.render.words import counted

SCHEMA_VERSION = 1
"""Of the JSON document; it rises when the meaning of a field changes."""
_LONGEST_NAME = 60
_NO_MARKUP = str.maketrans("|`<>[]*", "/'()()_")
"""A name may be anything; in a table of Markdown these would be markup."""
_SOURCES = {
    Source.TRACED: "traced in the target's TensorFlow",
    Source.GRAPH: "read from its graph by the target's TensorFlow",
    Source.CONFIGURATION: "read from its configuration, layer by layer; nothing was run",
}


def operations_as_json(places: ModelPlaces) -> str:
    """One JSON document."""
    document = {"schema_version": SCHEMA_VERSION, **asdict(places)}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def operations_as_text(places: ModelPlaces, *, width: int, colour: bool = False, unicode: bool = True) -> str:
    """The page for people."""
    return drawn(_blocks(places), Canvas(width=width, colour=colour, unicode=unicode))


def operations_as_markdown(places: ModelPlaces) -> str:
    """The same page for a document."""
    return marked_down(_blocks(places))


def _blocks(places: ModelPlaces) -> Iterator[Block]:
    yield _headline(places)
    yield Say(_what(places), "Model")
    yield Say(_kernels(places), "Kernels", f"{places.kernels_source}{_dated(places.kernels_date)}")
    for note in places.notes:
        yield Say(plain(note), "Note")
    falling = [layer for layer in places.layers if layer.fallen]
    if falling:
        yield Section("On the CPU for want of a kernel")
        yield Table(("layer", "operations"), tuple((_named(layer), _fallen(layer)) for layer in falling))
        yield Say(_costs(falling))
    unknown = [layer for layer in places.layers if not layer.known]
    if unknown:
        yield Section("Not known")
        yield Say(
            f"{'; '.join(map(_named, unknown))}: not in the table of layers. With a TensorFlow to run (--python) they "
            "are traced."
        )
    served = [layer for layer in places.layers if layer.known and not layer.fallen]
    if served:
        yield Section("On the GPU")
        yield Say(", ".join(map(_named, served)))
    host = sum(layer.host or 0 for layer in places.layers)
    if host:
        yield Say(
            f"{counted(host, 'operation', 'operations')} more on whole numbers (shapes, positions, seeds): TensorFlow "
            "leaves those to the CPU with every plugin, and they cost little."
        )


def _headline(places: ModelPlaces) -> Headline:
    falling = sum(bool(layer.fallen) for layer in places.layers)
    unknown = sum(not layer.known for layer in places.layers)
    number = counted(len(places.layers), "part of the model", "parts of the model")
    if falling:
        return Headline(f"{falling} of {number} {_have(falling)} operations that fall to the CPU.", "✗", "yellow")
    if unknown:
        told = f"Nothing is known to fall to the CPU, but {unknown} of {number} {_is(unknown)} not known."
        return Headline(told, "?", "magenta")
    return Headline(f"Every operation of {number} has a kernel on the GPU.", "✓", "green")


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _what(places: ModelPlaces) -> str:
    words = [plain(places.model), _SOURCES[places.source]]
    if places.tensorflow:
        words.append(f"TensorFlow {plain(places.tensorflow)}")
    if places.keras:
        words.append(f"Keras {plain(places.keras)}")
    if places.dtype:
        words.append(f"computing with {places.dtype}")
    if places.source is not Source.GRAPH:
        words.append("forward and backward" if places.training else "forward only")
    return ", ".join(words)


def _kernels(places: ModelPlaces) -> str:
    return f"tensorflow-metal {places.plugin} ({places.plugin_why})" if places.plugin else places.plugin_why


def _dated(date: str | None) -> str:
    return f", {date}" if date else ""


def _named(layer: LayerPlaces) -> str:
    """Name and class: of names that a file brings, nothing but printable characters and no markup."""
    name = plain(layer.name)[:_LONGEST_NAME]
    kind = plain(layer.kind)[:_LONGEST_NAME]
    text = f"{name} ({kind})" if kind and kind != name else name
    return text.translate(_NO_MARKUP)


def _fallen(layer: LayerPlaces) -> tuple[str, ...]:
    words = []
    for each in layer.fallen:
        word = f"{plain(each.op)}({', '.join(each.types)})" if each.types else plain(each.op)
        words.append(f"{each.times} x {word}" if each.times and each.times > 1 else word)
    if layer.copies_to_cpu or layer.copies_to_gpu:
        words.append(f"copies {layer.copies_to_cpu} to the CPU, {layer.copies_to_gpu} back")
    return tuple(words)


def _costs(falling: list[LayerPlaces]) -> str:
    total: Counter[str] = Counter()
    for layer in falling:
        for each in layer.fallen:
            total[each.op] += each.times or 0
    down = sum(layer.copies_to_cpu or 0 for layer in falling)
    up = sum(layer.copies_to_gpu or 0 for layer in falling)
    if not total.total():
        return "Each of them takes its data to the CPU and back in every step; how often was not traced."
    return (
        f"In every step {counted(total.total(), 'operation', 'operations')} on the CPU, with at least {down} copies of "
        f"data to the CPU and {up} back, while the GPU waits."
    )
