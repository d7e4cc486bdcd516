from __future__ import annotations

from dataclasses import replace

from m1doctor.model.account import Undoable
from m1doctor.render.page import Canvas
from m1doctor.render.undo import undoable_as_text, undone_as_text

CHANGE = Undoable(
    transaction="20261126T160517834668-8aebae",
    verb="fix",
    environment="/home/me/a project/.venv",
    began="2026-11-26T16:05:17Z",
    plan=("Lay every file of absl-py==2.1.0, astunparse==1.6.3, flatbuffers==24.3.25 down anew.",),
    interrupted=False,
)


def page() -> Canvas:
    return Canvas(width=80, colour=False, unicode=True)


def test_a_change_is_told_with_its_steps_at_the_width() -> None:
    shown = page()
    undoable_as_text(shown, CHANGE)
    assert shown.text() == (
        "2026-11-26T16:05:17Z  fix  /home/me/a project/.venv\n"
        "  Lay every file of absl-py==2.1.0, astunparse==1.6.3, flatbuffers==24.3.25 down\n"
        "  anew.\n"
    )


def test_one_that_was_interrupted_says_so() -> None:
    shown = page()
    undoable_as_text(shown, replace(CHANGE, interrupted=True))
    assert shown.text().endswith("\n  interrupted\n")


def test_what_was_taken_back_is_one_line() -> None:
    shown = page()
    undone_as_text(shown, CHANGE)
    assert shown.text() == "Taken back: it is as it was before 2026-11-26T16:05:17Z.\n"
