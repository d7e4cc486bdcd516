from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from m1doctor.documents import from_json, schema

Command = Callable[..., Any]
DEATH = "nothing here\nzsh: illegal hardware instruction  python\n"


@pytest.fixture
def log(tmp_path: Path) -> Callable[[str | bytes], str]:
    def write(text: str | bytes) -> str:
        path = tmp_path / "a.log"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


def test_the_cause_comes_first_with_its_line_and_what_to_do(m1doctor: Command, log: Callable[[str], str]) -> None:
    answer = m1doctor("log", log(DEATH))
    assert answer.status == 1
    assert answer.err == ""
    assert answer.out.startswith("✗ The process died of SIGILL")
    for words in ("TF002 import-crashes", "line 2: zsh: illegal hardware instruction  python", "What to do:"):
        assert words in answer.out
    assert all(len(line) <= 80 for line in answer.out.splitlines() if "│" not in line and "/" not in line)
    assert "\x1b" not in answer.out


def test_the_document_is_a_report_with_the_same_ids(m1doctor: Command, log: Callable[[str], str]) -> None:
    answer = m1doctor("log", "--format", "json", log(DEATH))
    assert answer.status == 1
    jsonschema.Draft202012Validator(schema()).validate(answer.document)
    report = from_json(answer.out)
    assert report.verdict.causes == ("TF002",)
    assert report.target.kind == "log"
    assert report.facts.log is not None
    assert report.facts.log.lines == 2
    (result,) = [result for result in report.results if result.id == "TF002"]
    assert result.findings[0].location is not None
    assert result.findings[0].location.line == 2


def test_a_saved_report_of_a_log_replays_to_the_same_results(
    m1doctor: Command, log: Callable[[str], str], tmp_path: Path
) -> None:
    saved = tmp_path / "report.json"
    assert m1doctor("log", "--format", "json", "-o", str(saved), log(DEATH)).status == 1
    again = m1doctor("diagnose", "--replay", str(saved), "--format", "json", "--no-lock")
    first, second = from_json(saved.read_text(encoding="utf-8")), from_json(again.out)
    assert second.verdict == first.verdict
    assert [(result.id, result.status) for result in second.results] == [
        (result.id, result.status) for result in first.results
    ]


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("", "the log is empty", 0),
        ("Failed to get CPU frequency: 0 Hz\n", "Nothing is wrong in these lines", 0),
        ("what is this\n", "1 of 1 line says nothing that m1doctor knows", 0),
        ("FooError: x\n", "1 of which speaks of an error", 0),
        ("The kernel appears to have died.\n", "run the same code as a script in a terminal", 0),
        ("export KMP_DUPLICATE_LIB_OK=TRUE\n", "Do not follow the advice on line 1", 0),
        ("No registered 'X' OpKernel for 'GPU' devices\n", "X has no kernel on this GPU", 0),
    ],
)
def test_what_decides_nothing_is_said_too(
    m1doctor: Command, log: Callable[[str], str], text: str, words: str, status: int
) -> None:
    answer = m1doctor("log", log(text))
    assert answer.status == status
    assert words in " ".join(answer.out.split())


def test_the_level_that_fails_can_be_chosen(m1doctor: Command, log: Callable[[str], str]) -> None:
    warning = log("No registered 'X' OpKernel for 'GPU' devices\n")
    assert m1doctor("log", warning).status == 0
    assert m1doctor("log", "--fail-on", "warning", warning).status == 1
    assert m1doctor("log", "--fail-on", "never", log(DEATH)).status == 0


def test_input_that_cannot_be_read_is_2_and_one_line(
    m1doctor: Command, log: Callable[[bytes], str], tmp_path: Path
) -> None:
    for file, words in (
        (str(tmp_path / "none"), "No such file"),
        (str(tmp_path), "directory"),
        (log(gzip.compress(b"x")), "a gzip file"),
    ):
        answer = m1doctor("log", file)
        assert answer.status == 2
        assert words in answer.err
        assert answer.err.count("\n") == 1
    answer = m1doctor("log", log("zsh: killed".encode("utf-16")))
    assert answer.status == 2
    assert "UTF-16" in answer.err


def test_a_pipe_is_read_where_a_file_is_named(m1doctor: Command, tmp_path: Path) -> None:
    import threading  # noqa: PLC0415 - only here

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(DEATH,))
    writer.start()
    answer = m1doctor("log", str(pipe))
    writer.join()
    assert answer.status == 1


def test_nothing_captured_reaches_a_terminal_as_more_than_text(m1doctor: Command, log: Callable[[str], str]) -> None:
    answer = m1doctor("log", log("\x1b[2J\x07Error: \x1b]0;evil\x07 [bold]x[/bold] \x9b31m\n" + DEATH))
    assert not any(character in answer.out for character in "\x1b\x07\x9b")
    assert "[bold]x[/bold]" in answer.out


def test_diagnose_joins_a_log_to_what_it_sees(m1doctor: Command, log: Callable[[str], str], tmp_path: Path) -> None:
    folder = tmp_path / "site-packages"
    (folder / "six-1.16.0.dist-info").mkdir(parents=True)
    (folder / "six-1.16.0.dist-info" / "METADATA").write_text("Name: six\nVersion: 1.16.0\n", encoding="utf-8")
    arguments = ("diagnose", "--site-packages", str(folder), "--no-lock", "--format", "json")
    without = from_json(m1doctor(*arguments).out)
    joined = from_json(m1doctor(*arguments, "--log", log("Error: command buffer exited with error status.\n")).out)
    assert "TF012" not in without.verdict.causes
    assert "TF012" in joined.verdict.causes
    assert {result.id: result.reason for result in without.results}["TF012"] == "no log was given"
    assert m1doctor(*arguments, "--log", str(tmp_path / "none")).status == 2
