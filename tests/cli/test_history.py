from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rendered
from m1doctor.documents import to_json
from m1doctor.support.history import history_of

Command = Callable[..., Any]
GOOD, BAD = (rendered.of_machine(name)[0] for name in ("healthy-m2-pro", "metal-mismatch"))
LOCK = "tensorflow==2.18.1 --hash=sha256:00\n"


@pytest.fixture
def target(m1doctor: Command, packages: Path) -> list[str | Path]:
    """The options for a target that worked once and is broken since; `m1doctor` has its state folder by then."""
    del m1doctor
    history = history_of(str(packages))
    history.remember(GOOD, LOCK)
    history.remember(BAD)
    return ["--site-packages", packages]


def test_the_list_begins_with_the_newest(m1doctor: Command, target: list[str | Path]) -> None:
    answer = m1doctor("history", *target)
    assert answer.status == 0
    rows = [line for line in answer.out.splitlines() if "2026-" in line]
    assert rows[0].startswith("  1 ✗ ")
    assert rows[0].endswith("LNK001")
    assert rows[1].startswith("  2 ✓ ")
    assert m1doctor("history", "list", *target).out == answer.out


def test_the_list_is_a_document_and_markdown_too(m1doctor: Command, target: list[str | Path]) -> None:
    document = m1doctor("history", *target, "--format", "json").document
    assert [(each["number"], each["worked"], each["requirements"]) for each in document["diagnoses"]] == [
        (1, False, False),
        (2, True, True),
    ]
    assert "| 1 | " in m1doctor("history", *target, "--format", "markdown").out


def test_one_is_shown_as_it_was_told_then(m1doctor: Command, target: list[str | Path]) -> None:
    assert m1doctor("history", "show", "2", *target, "--format", "json").out == to_json(GOOD)
    assert m1doctor("history", "show", "last-good", *target, "--format", "json").out == to_json(GOOD)
    assert m1doctor("history", "show", *target, "--format", "json").out == to_json(BAD)
    answer = m1doctor("history", "show", *target)
    assert answer.status == 0
    assert answer.out.startswith("✗ tensorflow-metal 1.2.0 cannot load beside TensorFlow 2.20.0")
    assert m1doctor("history", "show", *target, "--format", "html").out.startswith("<!doctype html>")


def test_the_requirements_of_what_worked_are_given_again(
    m1doctor: Command, target: list[str | Path], tmp_path: Path
) -> None:
    assert m1doctor("history", "show", "last-good", *target, "--requirements").out == LOCK
    m1doctor("history", "show", "last-good", *target, "--requirements", "--output", tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_text() == LOCK


def test_a_later_run_that_pinned_nothing_has_the_requirements_of_the_same_packages(
    m1doctor: Command, target: list[str | Path], packages: Path
) -> None:
    history_of(str(packages)).remember(GOOD)
    answer = m1doctor("history", "show", "last-good", *target, "--requirements")
    assert (answer.out, answer.err) == (LOCK, "")


def test_where_none_are_kept_the_packages_of_then_are_pinned_without_hashes(
    m1doctor: Command, target: list[str | Path]
) -> None:
    answer = m1doctor("history", "show", "1", *target, "--requirements")
    assert "\ntensorflow==2.20.0\n" in answer.out
    assert "# WITHOUT HASHES" in answer.out
    assert answer.err == "m1doctor: no pinned requirements are kept with it; these are its packages, without hashes\n"


def test_a_damaged_one_is_passed_over_and_named(m1doctor: Command, target: list[str | Path], packages: Path) -> None:
    history = history_of(str(packages))
    path = history.folder / history.entries()[0].name
    path.write_bytes(path.read_bytes()[:100])
    answer = m1doctor("history", *target)
    assert answer.status == 0
    assert answer.err == f"m1doctor: warning: {path}: damaged: cut short\n"
    assert [line[:5] for line in answer.out.splitlines() if "2026-" in line] == ["  2 ✓"]
    shown = m1doctor("history", "show", "1", *target)
    assert (shown.status, shown.out, shown.err) == (2, "", f"m1doctor: {path}: damaged: cut short\n")


def test_clear_forgets_all_of_one_target_when_told_to(m1doctor: Command, target: list[str | Path]) -> None:
    refused = m1doctor("history", "clear", *target)
    assert (refused.status, refused.out) == (2, "")
    assert "say --yes where nobody can be asked" in refused.err
    assert m1doctor("history", "clear", "--yes", *target).out == "2 diagnoses are forgotten.\n"
    assert "No diagnosis of it is kept." in m1doctor("history", *target).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "3"], "3: 2 diagnoses are kept of "),
        (["show", "0"], "0: 2 diagnoses are kept of "),
        (["show", "soon"], "soon: a number of m1doctor history, or last-good, is expected"),
        (["show", "²"], "²: a number of m1doctor history, or last-good, is expected"),
        (["list", "1"], "[N] goes with show, not with list"),
        (["--requirements"], "--requirements goes with show, not with list"),
        (["--verbose"], "--verbose goes with show, not with list"),
        (["show", "--yes"], "--yes goes with clear, not with show"),
        (["--format", "html"], "--format html goes with show; a list is text, json or markdown"),
        (["--output", "/absent/file"], "--output: cannot write /absent/file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_status_2(
    m1doctor: Command, target: list[str | Path], arguments: list[str], told: str
) -> None:
    answer = m1doctor("history", *arguments, *target)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {told}")
    assert answer.err.count("\n") == 1
