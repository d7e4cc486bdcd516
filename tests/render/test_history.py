from __future__ import annotations

import json

import pytest
from hypothesis import given
from rich.cells import cell_len

import rendered
from m1doctor.model.report import Verdict, VerdictStatus
from m1doctor.render.history import Line, history_as_json, history_as_markdown, history_as_text
from m1doctor.render.plain import plain
from markup import as_github, words

LINES = [
    Line(
        number=number,
        created="2026-11-23T12:00:00Z",
        verdict=Verdict(status=status, headline=f"It is {status}.", causes=("LNK002",) if number == 1 else ()),
        worked=status is VerdictStatus.HEALTHY,
        pinned=status is VerdictStatus.HEALTHY,
    )
    for number, status in enumerate(reversed(VerdictStatus), 1)
]


def test_the_newest_comes_first_with_its_cause_or_its_headline() -> None:
    text = history_as_text("/env/bin/python", LINES, width=80, colour=False, options=("--python", "a b"))
    rows = text.splitlines()
    assert rows[0] == "/env/bin/python"
    assert rows[2] == "  1 ? 2026-11-23T12:00:00Z  LNK002"
    assert rows[3] == "  2 ✗ 2026-11-23T12:00:00Z  It is error."
    assert "It worked last at 5. What changed since:\n  m1doctor diff --last-good --python 'a b'\n" in text
    assert "  m1doctor history show last-good --requirements --python 'a b'\n" in text


def test_where_the_newest_worked_nothing_has_changed_since() -> None:
    text = history_as_text("/e", LINES[-1:], width=80, colour=False)
    assert "What changed since" not in text
    assert "The packages of 5, which worked:" in text


def test_a_history_without_a_success_says_so() -> None:
    assert "None of them found it working." in history_as_text("/e", LINES[:2], width=80, colour=False)
    assert "No diagnosis of it is kept." in history_as_text("/e", [], width=80, colour=False)


@pytest.mark.parametrize("width", [40, 80])
def test_a_list_keeps_to_its_width(width: int) -> None:
    text = history_as_text("/e", LINES, width=width, colour=False)
    assert max(cell_len(line) for line in text.splitlines() if "m1doctor " not in line) <= width
    assert "\x1b[" in history_as_text("/e", LINES, width=width, colour=True)
    assert history_as_text("/e", LINES, width=width, colour=False, unicode=False).isascii()


def test_the_document_names_every_diagnosis_and_every_damaged_file() -> None:
    document = json.loads(history_as_json("/e", LINES, ["it is damaged"]))
    assert document["damaged"] == ["it is damaged"]
    assert [each["status"] for each in document["diagnoses"]] == [str(each) for each in reversed(VerdictStatus)]
    assert [each["worked"] for each in document["diagnoses"]] == [False, False, False, False, True]


@given(rendered.TEXT)
def test_captured_text_is_shown_and_never_becomes_markup(text: str) -> None:
    verdict = Verdict(status=VerdictStatus.NOTE, headline=text)
    line = Line(number=1, created=text, verdict=verdict, worked=False, pinned=False)
    page = as_github(history_as_markdown("/e", [line]))
    assert words(page.css("td")[3].text()) == words(plain(text))
    assert len(page.css("td")) == 5
    assert page.css("td *") == []
