from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from m1doctor.render.page import Canvas, Styled, styled


def drawn(width: int = 40, *, colour: bool = False, unicode: bool = True) -> Canvas:
    return Canvas(width=width, colour=colour, unicode=unicode)


def test_a_paragraph_hangs_from_its_lead() -> None:
    canvas = drawn(24)
    canvas.add("one two three four five six", indent=2, lead="1. ")
    assert canvas.text() == "  1. one two three four\n     five six\n"


def test_a_lead_without_room_gets_a_line_of_its_own() -> None:
    canvas = drawn(24)
    canvas.add("one two", lead="Explained by LNK002: ")
    assert canvas.text() == "Explained by LNK002:\n  one two\n"


def test_items_stay_whole() -> None:
    canvas = drawn(24)
    canvas.items(["TensorFlow 2.18.1", "macOS 15.4", "16 GB"], " · ", indent=2)
    assert canvas.text() == "  TensorFlow 2.18.1 ·\n  macOS 15.4 · 16 GB\n"


def test_gaps_are_single_and_none_is_at_an_end() -> None:
    canvas = drawn()
    canvas.gap()
    canvas.add("one")
    canvas.gap()
    canvas.gap()
    canvas.add("two")
    canvas.gap()
    assert canvas.text() == "one\n\ntwo\n"


def test_the_rows_of_a_quoted_line_stand_further_in_than_its_start() -> None:
    assert drawn(24).rows("  Referenced from: <8B62> /a/path", indent=4) == [
        "  Referenced from:",
        "    <8B62> /a/path",
    ]


def test_wide_characters_count_twice() -> None:
    canvas = drawn(20)
    canvas.add("메모리압력메모리압력메모리압력")
    assert [cell_len(line) for line in canvas.text().splitlines()] == [20, 10]


def test_colour_changes_no_word() -> None:
    plain, bright = drawn(), drawn(colour=True)
    for canvas in (plain, bright):
        canvas.add(styled("bad ", "bold red") + styled("word, and some more to make it wrap", "dim"), indent=2)
    assert "\x1b[1;31mbad" in bright.text()
    assert re.sub(r"\x1b\[[0-9;]*m", "", bright.text()) == plain.text()


_TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=200)


@given(_TEXTS, st.integers(20, 100))
def test_no_character_is_lost_and_no_row_is_too_wide(text: str, width: int) -> None:
    canvas = drawn(width)
    canvas.add(text)
    assert "".join(canvas.text().split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in canvas.text().splitlines())


@given(_TEXTS, st.integers(20, 100))
def test_no_character_of_a_quoted_line_is_lost(text: str, width: int) -> None:
    assert "".join("".join(drawn(width).rows(text, indent=4)).split()) == "".join(text.split())


@given(st.lists(st.tuples(st.text(max_size=5), st.sampled_from(["", "bold"]))), st.integers(0, 20), st.integers(0, 20))
def test_a_part_is_that_of_the_plain_text(pieces: list[tuple[str, str]], start: int, end: int) -> None:
    text = Styled(tuple(pieces))
    assert text.part(start, end).plain == text.plain[start:end]


@pytest.mark.parametrize("style", ["red", "bold cyan", "dim"])
def test_spaces_are_not_drawn_in_colour(style: str) -> None:
    canvas = drawn(colour=True)
    canvas.add(styled("a") + styled("  ", style) + styled("b"))
    assert canvas.text() == "a  b\n"
