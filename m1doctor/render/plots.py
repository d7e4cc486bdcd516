"""Plots as inline SVG: marks only, stretched to the width of the page, with every word beside them as HTML.

A word inside a picture shrinks with it; these stay readable on a phone. Each picture has a sentence that says what it
shows, for who cannot see it. Colours are classes of the style sheet: a plot has a day, a night and a print side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from m1doctor.render.elements import Child, element

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

COLOURS = 5
"""Classes ``c0`` to ``c4`` of the style sheet, in turns."""
_NARROWEST = 0.1
"""Share of the width below which a stretch has no room for its name."""
_HEIGHT = 100
_WIDTH = 1000
"""Of the picture's own coordinates; the page decides how large they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a plot over time."""

    name: str
    points: tuple[tuple[float, float], ...]
    """x and y, x rising."""
    steps: bool = False
    """Whether a value holds until the next one, such as a level, and is not on its way to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the x axis with a name."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Samples of one kind, each a mark."""

    name: str
    samples: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One piece of a whole."""

    name: str
    amount: float
    told: str
    """The amount in words."""


def over_time(
    title: str, says: str, lines: Sequence[Line], *, top: float, top_words: str, bands: Sequence[Band] = ()
) -> Element:
    """Lines over seconds from 0 to `top`, which `top_words` names; `says` tells what there is to see."""
    moments = [x for line in lines for x, _ in line.points] + [x for band in bands for x in (band.start, band.end)]
    start, end = min(moments, default=0.0), max(moments, default=1.0)
    span = end - start or 1.0

    def across(x: float) -> float:
        return round((x - start) / span * _WIDTH, 1)

    marks: list[Child] = [
        element("rect", x=across(band.start), y=0, width=round(across(band.end) - across(band.start), 1),
                height=_HEIGHT, class_="band")
        for band in bands[::2]
    ]  # fmt: skip
    marks.append(element("path", d=f"M0 {_HEIGHT / 2}H{_WIDTH}", class_="grid"))
    for number, line in enumerate(lines):
        points = [(across(x), round(_HEIGHT - min(max(y / top, 0), 1) * _HEIGHT, 1)) for x, y in line.points]
        marks.append(element("path", d=_path(points, steps=line.steps), class_=f"line c{number % COLOURS}"))
    names = [
        element(
            "span",
            band.name,
            style=f"left:{across(band.start) / _WIDTH:.1%};width:{(band.end - band.start) / span:.1%}",
        )
        for band in bands
        if band.end - band.start >= _NARROWEST * span
    ]
    return element(
        "figure",
        element("figcaption", element("strong", title), f" {says}"),
        _legend([line.name for line in lines]) if len(lines) > 1 else "",
        element(
            "div",
            element("span", top_words, class_="top"),
            *([element("div", *names, class_="bands", aria_hidden="true")] if names else []),
            _picture(f"{title}. {says}", marks),
            element("div", element("span", f"{start:.0f} s"), element("span", f"{end:.0f} s"), class_="ends"),
            class_="frame",
        ),
        class_="plot",
    )


def samples(title: str, says: str, strips: Sequence[Strip], *, unit: str) -> Element:
    """Each sample a mark, a row for each kind, all from 0 to the largest."""
    largest = max((value for strip in strips for value in strip.samples), default=0.0) or 1.0
    rows: list[Child] = []
    for number, strip in enumerate(strips):
        middle = median(strip.samples) if strip.samples else 0.0
        told = f"{_short(middle)} {unit}"
        if strip.samples and min(strip.samples) != max(strip.samples):
            told += f" ({_short(min(strip.samples))} to {_short(max(strip.samples))})"
        marks: list[Child] = [
            element("path", d="".join(f"M{value / largest * _WIDTH:.1f} 20V80" for value in strip.samples),
                    class_=f"tick c{number % COLOURS}"),
            element("path", d=f"M{middle / largest * _WIDTH:.1f} 0V100", class_="middle"),
        ]  # fmt: skip
        rows += [
            element("dt", strip.name),
            element("dd", element("span", told), _picture(f"{strip.name}: {told}", marks)),
        ]
    return element(
        "figure",
        element("figcaption", element("strong", title), f" {says}"),
        element("dl", *rows, class_="strips"),
        element("div", element("span", "0"), element("span", f"{_short(largest)} {unit}"), class_="ends"),
        class_="plot",
    )


def shares(title: str, says: str, pieces: Sequence[Share]) -> Element:
    """A whole and its pieces, side by side."""
    whole = sum(piece.amount for piece in pieces) or 1.0
    marks: list[Child] = []
    left = 0.0
    for number, piece in enumerate(pieces):
        width = piece.amount / whole * _WIDTH
        marks.append(
            element(
                "rect",
                x=round(left, 1),
                y=0,
                width=round(width, 1),
                height=_HEIGHT,
                class_=f"piece c{number % COLOURS}",
            )
        )
        left += width
    told = ", ".join(f"{piece.name} {piece.told}" for piece in pieces)
    return element(
        "figure",
        element("figcaption", element("strong", title), f" {says}"),
        element("div", _picture(f"{title}: {told}", marks), class_="bar"),
        _legend([f"{piece.name} {piece.told}" for piece in pieces]),
        class_="plot",
    )


def _path(points: Sequence[tuple[float, float]], *, steps: bool) -> str:
    parts = []
    for number, (x, y) in enumerate(points):
        if number == 0:
            parts.append(f"M{x:g} {y:g}")
        elif steps:
            parts.append(f"H{x:g}V{y:g}")
        else:
            parts.append(f"L{x:g} {y:g}")
    return "".join(parts) or "M0 0"


def _picture(says: str, marks: Iterable[Child]) -> Element:
    return element(
        "svg", *marks, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", preserveAspectRatio="none", role="img", aria_label=says
    )


def _legend(names: Iterable[str]) -> Element:
    items = (element("li", name, class_=f"c{number % COLOURS}") for number, name in enumerate(names))
    return element("ul", *items, class_="legend")


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three figures either way
