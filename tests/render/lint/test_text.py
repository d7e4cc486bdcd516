from __future__ import annotations

from dataclasses import replace

import pytest

from lint_answers import HINT, IN_A_NOTEBOOK, ONE, an_answer
from m1doctor.render.lint.text import as_text


def text(*findings: object, width: int = 80, cut: bool = False) -> str:
    return as_text(an_answer(*findings), width=width, colour=False, unicode=True, cut=cut)  # type: ignore[arg-type]  # findings


def test_the_caret_stands_below_what_is_meant() -> None:
    assert "     3 │ fit(é, workers=4)\n       │     ^^^^^^^^^\n" in text(ONE)


def test_carets_count_cells_of_the_screen() -> None:
    wide = replace(ONE, source_line="f('漢字', x)", column=9, end_column=10)
    assert "     3 │ f('漢字', x)\n       │           ^\n" in text(wide)


def test_what_it_depends_on_is_said() -> None:
    assert "(If Keras is 3.)" in text(ONE)


def test_a_cell_is_named() -> None:
    assert text(IN_A_NOTEBOOK).startswith("a.ipynb:cell 7:3:5\n  LOAD212 warning ")


def test_the_end_counts() -> None:
    out = text(ONE, IN_A_NOTEBOOK, HINT)
    assert "1 error, 1 warning, 1 hint in 3 files, 1,234 lines\n" in out
    assert "1 of them can be mended" in out
    assert "1 finding silenced" in out
    assert "bad,file.py: no source text:\\na NUL" in out


@pytest.mark.parametrize("width", [40, 80])
def test_a_long_line_is_cut_around_the_place(width: int) -> None:
    source = "x = 1; " * 40 + "BAD" + "; y = 2" * 40
    long = replace(ONE, source_line=source, column=281, end_column=284)
    shown = [line for line in text(long, width=width, cut=True).splitlines() if "│" in line]
    assert all(len(line) <= width for line in shown)
    at = shown[1].index("^^^")
    assert shown[0][at : at + 3] == "BAD"


def test_nothing_in_the_source_moves_the_cursor() -> None:
    assert "\x1b" not in text(replace(ONE, source_line="x = '\x1b[2J'"))
