from __future__ import annotations

import math
import re
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.render.elements import as_xml
from m1doctor.render.plots import COLOURS, Band, Line, Share, Strip, over_time, samples, shares

_AMOUNTS = st.floats(0, 1e15, allow_subnormal=False)


def numbers(figure: Element) -> list[float]:
    """Every number that a picture draws with."""
    found = []
    for mark in figure.iter():
        for name in ("d", "x", "width"):
            found += [float(word) for word in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", mark.get(name, ""))]
    return found


def pictures(figure: Element) -> list[Element]:
    return list(figure.iter("svg"))


def test_a_line_goes_from_edge_to_edge_and_its_top_is_the_top() -> None:
    figure = over_time(
        "GPU", "Busy.", [Line(name="a", points=((2.0, 0.0), (4.0, 50.0), (6.0, 100.0)))], top=100, top_words="100 %"
    )
    (line,) = (mark for mark in figure.iter("path") if (mark.get("class") or "").startswith("line"))
    assert line.get("d") == "M0 100L500 50L1000 0"
    assert "".join(figure.itertext()) == "GPU Busy.100 %2 s6 s"


def test_a_level_holds_until_the_next() -> None:
    figure = over_time("P", "", [Line(name="a", points=((0, 1), (1, 2)), steps=True)], top=2, top_words="2")
    (line,) = (mark for mark in figure.iter("path") if (mark.get("class") or "").startswith("line"))
    assert line.get("d") == "M0 50H1000V0"


def test_parts_of_a_run_are_named_above_it() -> None:
    bands = [Band(name="import", start=0, end=3), Band(name="matmul", start=3, end=4)]
    figure = over_time("P", "", [], top=1, top_words="", bands=bands)
    spans = [(span.text, span.get("style")) for span in figure.iter("span") if span.get("style")]
    assert spans == [("import", "left:0.0%;width:75.0%"), ("matmul", "left:75.0%;width:25.0%")]
    bands.append(Band(name="launch", start=4, end=4.1))
    figure = over_time("P", "", [], top=1, top_words="", bands=bands)
    assert "launch" not in "".join(figure.itertext())


def test_each_sample_is_a_mark_and_the_median_is_told() -> None:
    figure = samples("Speed", "More is better.", [Strip(name="a", samples=(1.0, 2.0, 4.0))], unit="GFLOP/s")
    (tick,) = (mark for mark in figure.iter("path") if (mark.get("class") or "").startswith("tick"))
    assert tick.get("d") == "M250.0 20V80M500.0 20V80M1000.0 20V80"
    assert "2 GFLOP/s (1 to 4)" in "".join(figure.itertext())


def test_pieces_fill_the_whole_in_proportion_and_share_few_colours() -> None:
    figure = shares("Memory", "", [Share(name=str(n), amount=1, told="1 GB") for n in range(10)])
    pieces = list(figure.iter("rect"))
    assert {float(piece.get("width", "")) for piece in pieces} == {100.0}
    assert {piece.get("class") for piece in pieces} == {f"piece c{n}" for n in range(COLOURS)}


def test_every_picture_says_what_it_shows() -> None:
    for figure in (
        over_time("A", "Says.", [], top=1, top_words=""),
        samples("B", "Says.", [Strip(name="b", samples=())], unit="s"),
        shares("C", "Says.", []),
    ):
        for picture in pictures(figure):
            assert picture.get("role") == "img"
            assert picture.get("aria-label")


@given(st.lists(st.tuples(_AMOUNTS, _AMOUNTS), max_size=20), st.floats(1e-9, 1e15), st.booleans())
def test_no_figures_draw_outside_of_the_picture(points: list[tuple[float, float]], top: float, steps: bool) -> None:  # noqa: FBT001 - drawn
    line = Line(name="a", points=tuple(sorted(points)), steps=steps)
    figures = [
        over_time("A", "", [line], top=top, top_words=""),
        samples("B", "", [Strip(name="b", samples=tuple(y for _, y in points))], unit="s"),
        shares("C", "", [Share(name="c", amount=y, told="") for _, y in points]),
    ]
    for figure in figures:
        assert as_xml(figure)
        assert all(math.isfinite(number) and -1 <= number <= 1001 for number in numbers(figure))
