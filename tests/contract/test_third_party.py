"""Checks of other distributions, as a real installed one offers them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import reports
from m1doctor.documents import to_json

_MODULE = """
from m1doctor.checks.check import Check, Page, Stage
from m1doctor.model.finding import Finding, Level

def finds(facts):
    yield Finding(level=Level.WARNING, message="Ours saw it.")

def breaks(facts):
    raise LookupError("their own defect")

def check(check_id, slug, judge):
    page = Page(what="What it means.", why="Why it matters.", see="How to see.", fix="How to mend.")
    return Check(
        id=check_id, slug=slug, level=Level.WARNING, stage=Stage.RESULTS, judge=judge, passes="Fine.", page=page
    )

ONE = check("OURS001", "theirs-finds", finds)
TWO = [check("OURS002", "theirs-breaks", breaks)]
TWICE = check("TF003", "another-tf003", finds)
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(to_json(reports.healthy()[0]))
    return path


def _installed(tmp_path: Path, **points: str) -> Path:
    """A distribution with entry points, laid out as an installer does."""
    folder = tmp_path / "theirs"
    metadata = folder / "theirs-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "theirs.py").write_text(_MODULE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (metadata / "entry_points.txt").write_text(f"[m1doctor.checks]\n{lines}")
    return folder


def _run(folder: Path, *arguments: str) -> tuple[int, Any, str]:
    environ = {**os.environ, "PYTHONPATH": str(folder)}
    argv = [sys.executable, "-m", "m1doctor", *arguments, "--format", "json"]
    done = subprocess.run(argv, env=environ, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout), done.stderr


def test_their_checks_are_listed_explained_and_judged_after_ours(tmp_path: Path, saved: Path) -> None:
    folder = _installed(tmp_path, one="theirs:ONE")
    listed = [entry["id"] for entry in _run(folder, "checks")[1]["pages"] if entry["family"] != "LOAD"]
    assert listed[-1] == "OURS001"
    assert _run(folder, "explain", "theirs-finds")[1]["what"] == "What it means."
    status, document, err = _run(folder, "diagnose", "--replay", str(saved), "--select", "OURS", "--fail-on", "warning")
    assert (status, err) == (1, "")
    assert document["verdict"]["causes"] == ["OURS001"]


def test_their_crash_is_a_result_and_exit_status_3(tmp_path: Path, saved: Path) -> None:
    folder = _installed(tmp_path, two="theirs:TWO")
    status, document, _ = _run(folder, "diagnose", "--replay", str(saved), "--fail-on", "never")
    assert status == 3
    (crashed,) = (result for result in document["results"] if result["status"] == "crashed")
    assert crashed["reason"].startswith("LookupError: their own defect")
    assert len(document["results"]) > 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("absent_module:ONE", "cannot be loaded: ModuleNotFoundError"),
        ("theirs:ABSENT", "cannot be loaded: AttributeError"),
        ("theirs:finds", "cannot be loaded: TypeError"),
        ("theirs:TWICE", "third-party check TF003 (another-tf003) is left out: check id TF003 is registered twice"),
    ],
)
def test_what_cannot_be_loaded_is_a_warning_a_failure_and_exit_status_3(
    tmp_path: Path, saved: Path, value: str, told: str
) -> None:
    folder = _installed(tmp_path, broken=value, one="theirs:ONE")
    status, document, err = _run(folder, "diagnose", "--replay", str(saved), "--fail-on", "never")
    assert status == 3
    assert any(told in failure for failure in document["failures"])
    assert err.startswith("m1doctor: warning: ")
    assert told in err
    assert "OURS001" in [result["id"] for result in document["results"]]
