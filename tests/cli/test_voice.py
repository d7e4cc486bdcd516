from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.cli.options import Format
from m1doctor.cli.voice import voice_for
from m1doctor.model.account import UndoList

EMPTY = UndoList(m1doctor_version="1.0", transactions=())


def test_words_go_to_standard_output_and_the_answer_is_said_with_them(capfd: pytest.CaptureFixture[str]) -> None:
    voice = voice_for(Format.TEXT, None, no_color=False)
    voice.say("One.\nTwo.\n")
    voice.conclude(EMPTY)
    assert capfd.readouterr() == ("One.\nTwo.\n", "")


def test_beside_a_document_words_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    voice = voice_for(Format.JSON, None, no_color=False)
    voice.say("One.\n")
    voice.conclude(EMPTY)
    out, err = capfd.readouterr()
    assert (out[0], err) == ("{", "One.\n")


def test_a_file_gets_the_words_at_80_columns_without_colour(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    voice = voice_for(Format.TEXT, str(tmp_path / "answer.txt"), no_color=False)
    assert (voice.terminal.width, voice.terminal.colour) == (80, False)
    voice.say("One.\n")
    voice.say("Two.\n")
    voice.conclude(None)
    assert (tmp_path / "answer.txt").read_text() == "One.\nTwo.\n"
    assert capfd.readouterr() == ("", "One.\nTwo.\n")


def test_where_nothing_was_planned_there_is_no_document(capfd: pytest.CaptureFixture[str]) -> None:
    voice_for(Format.JSON, None, no_color=False).conclude(None)
    assert capfd.readouterr() == ("", "")
