from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rendered
from m1doctor.documents import to_json
from m1doctor.support.history import history_of

Command = Callable[..., Any]
GOOD, BAD = (rendered.of_machine(name)[0] for name in ("healthy-m2-pro", "metal-mismatch"))


@pytest.fixture
def target(m1doctor: Command, packages: Path) -> list[str | Path]:
    """The options for a target that worked twice and is broken since."""
    del m1doctor
    for report in (GOOD, GOOD, BAD):
        history_of(str(packages)).remember(report)
    return ["--site-packages", packages]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(to_json(GOOD))
    bad.write_text(to_json(BAD))
    return good, bad


def test_what_changed_since_it_worked(m1doctor: Command, target: list[str | Path]) -> None:
    answer = m1doctor("diff", "--last-good", *target)
    assert answer.status == 1
    assert "Packages: what brings LNK001\n" in answer.out
    rebuild = f"m1doctor history show last-good --requirements --site-packages {target[1]}"
    assert answer.out.endswith(f"  {rebuild}\n")
    assert answer.err == ""


def test_without_names_the_last_two_are_compared(m1doctor: Command, target: list[str | Path]) -> None:
    document = m1doctor("diff", *target, "--format", "json").document
    assert (document["before"]["name"], document["after"]["name"]) == ("2", "1")
    assert document["groups"][0]["brings"] == ["LNK001"]
    older = m1doctor("diff", "3", "2", *target, "--format", "json")
    assert (older.status, older.document["different"]) == (0, False)


def test_where_the_newest_worked_it_is_said(m1doctor: Command, target: list[str | Path], packages: Path) -> None:
    history_of(str(packages)).remember(GOOD)
    answer = m1doctor("diff", "--last-good", *target)
    assert answer.status == 0
    assert answer.out.startswith("✓ Nothing that counts has changed.")
    assert "the newest diagnosis found it working" in answer.err


def test_two_files_are_compared_without_any_target(m1doctor: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    assert m1doctor("diff", *files).status == 1
    assert m1doctor("diff", files[0], files[0]).status == 0
    m1doctor("diff", *files, "--format", "markdown", "--output", tmp_path / "d.md")
    assert (tmp_path / "d.md").read_text().startswith("**It got worse: ")
    assert not (tmp_path / "state").exists()


def test_a_bundle_is_compared_with_what_it_was_made_of(
    m1doctor: Command, files: tuple[Path, Path], tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    assert m1doctor("report", "--replay", files[1], "--output", bundle).status in (0, 1)
    answer = m1doctor("diff", bundle, files[1], "--format", "json")
    assert answer.document["appeared"] == answer.document["gone"] == []
    assert m1doctor("diff", files[0], bundle, "--format", "json").document["groups"][0]["brings"] == ["LNK001"]


def test_both_are_judged_by_the_checks_of_now(m1doctor: Command, files: tuple[Path, Path]) -> None:
    older = replace(BAD, results=(), verdict=replace(BAD.verdict, causes=(), headline="as it was told then"))
    files[0].write_text(to_json(older))
    answer = m1doctor("diff", *files)
    assert answer.status == 0
    assert "as it was told then" not in answer.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--last-good", "1", "2"], "--last-good is the earlier report; give the later one, or none"),
        (["9"], "9: 3 diagnoses are kept of "),
        (["/absent.json"], "cannot read /absent.json: No such file or directory"),
        (["--output", "/absent/file"], "--output: cannot write /absent/file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_status_2(
    m1doctor: Command, target: list[str | Path], arguments: list[str], told: str
) -> None:
    answer = m1doctor("diff", *arguments, *target)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {told}")
    assert answer.err.count("\n") == 1


def test_a_target_without_a_history_is_told_so(m1doctor: Command, packages: Path) -> None:
    for arguments, told in (
        (["--last-good"], "last-good: no diagnosis of it is kept"),
        ([], "the last two diagnoses are compared, and no diagnosis is kept of"),
        (["2"], "2: no diagnosis is kept of"),
    ):
        answer = m1doctor("diff", *arguments, "--site-packages", packages)
        assert (answer.status, answer.out) == (2, "")
        assert told in answer.err
