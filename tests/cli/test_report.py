from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

import rendered
from cli.conftest import Command
from m1doctor.documents import to_json

USAGE, FINDINGS, CLEAN = 2, 1, 0


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A saved report with findings."""
    path = tmp_path / "broken.json"
    path.write_text(to_json(rendered.of_machine("metal-mismatch")[0]))
    return path


def only_archive(folder: Path) -> Path:
    (archive,) = folder.glob("*.zip")
    return archive


def test_a_saved_report_becomes_an_archive(m1doctor: Command, broken: Path) -> None:
    answer = m1doctor("report", "--replay", broken)
    archive = only_archive(Path.cwd())
    assert answer.status == FINDINGS
    assert f"Written: {archive.name}\n" in answer.out
    assert "user name (2, " in answer.out
    with zipfile.ZipFile(archive) as opened:
        assert {"report.json", "report.md", "report.html", "manifest.json"} <= set(opened.namelist())
        assert b"/Users/me" not in b"".join(opened.read(name) for name in opened.namelist())


def test_the_receiver_comes_to_the_senders_results(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    bundle, moved = tmp_path / "bundle.zip", tmp_path / "moved.zip"
    m1doctor("report", "--site-packages", packages, "--offline", "--output", bundle)
    bundle.rename(moved)
    with zipfile.ZipFile(moved) as opened:
        sent = json.loads(opened.read("report.json"))
    replayed = m1doctor("diagnose", "--replay", moved, "--format", "json").document
    assert json.dumps(replayed["results"]) == json.dumps(sent["results"])
    assert replayed["verdict"] == sent["verdict"]
    assert replayed["facts"] == sent["facts"]
    assert replayed["replay_of"] == sent["created"]


def test_the_same_facts_give_the_same_archive(m1doctor: Command, saved: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    m1doctor("report", "--replay", saved, "--output", one)
    m1doctor("report", "--replay", saved, "--output", two)
    assert one.read_bytes() == two.read_bytes()
    assert m1doctor("report", "--replay", one, "-o", tmp_path, "--fail-on", "note").status == CLEAN


def test_a_preview_prints_all_of_it_and_writes_nothing(m1doctor: Command, saved: Path) -> None:
    answer = m1doctor("report", "--replay", saved, "--preview")
    assert list(Path.cwd().iterdir()) == []
    for name in ("report.json", "report.md", "report.html", "manifest.json", "removed.txt", "not-collected.txt"):
        assert f"===== {name} (" in answer.out
    assert "/Users/me" not in answer.out


def test_an_archive_that_tells_everything_is_named_so(m1doctor: Command, saved: Path, tmp_path: Path) -> None:
    m1doctor("report", "--replay", saved, "--no-redact")
    archive = only_archive(Path.cwd())
    assert archive.name.startswith("m1doctor-report-NOT-REDACTED-")
    with zipfile.ZipFile(archive) as opened:
        assert b"/Users/me" in opened.read("report.json")
    m1doctor("report", "--replay", saved, "--no-redact", "--output", tmp_path / "mine.zip")
    assert (tmp_path / "mine-NOT-REDACTED.zip").exists()
    assert not (tmp_path / "mine.zip").exists()


def test_a_log_is_joined_and_redacted(m1doctor: Command, saved: Path, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("zsh: illegal hardware instruction  python /Users/jane77/train.py --token abc123def\n")
    m1doctor("report", "--replay", saved, "--log", log, "-o", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        text = opened.read("log.txt").decode()
        document = json.loads(opened.read("report.json"))
    assert text.startswith("zsh: illegal hardware instruction  python /Users/redacted-user-")
    assert "abc123def" not in text
    assert document["facts"]["log"]["sightings"]


def test_a_machine_gives_its_readings(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    m1doctor("report", "--site-packages", packages, "--offline", "-o", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert "environment.txt" in opened.namelist()
        assert "tensorflow==2.18.1" in opened.read("requirements.txt").decode()
        missing = opened.read("not-collected.txt").decode()
    assert "host: a folder was examined, not a machine (not-asked)" in missing
    assert "hashes in requirements.txt: m1doctor was told to stay offline" in missing


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--python", "x", "--replay", "y"], "--python and --replay exclude each other"),
        (["--preview", "--output", "x.zip"], "--preview and --output exclude each other"),
        (["--limit", "0"], "--limit: a number of seconds above 0"),
        (["--output", "none/x.zip"], "--output: cannot write none/x.zip"),
        (["--replay", "none.zip"], "cannot read none.zip"),
        (["--log", "-"], "--log: a file is expected"),
        (["--log", "none.log"], "cannot read none.log"),
    ],
)
def test_wrong_usage_is_one_line(m1doctor: Command, arguments: list[str], words: str) -> None:
    answer = m1doctor("report", *arguments)
    assert answer.status == USAGE
    assert words in answer.err
    assert len(answer.err.splitlines()) == 1
    assert list(Path.cwd().glob("*.zip")) == []


def test_a_hostile_bundle_is_one_line(m1doctor: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../evil.txt", "x")
    answer = m1doctor("diagnose", "--replay", tmp_path / "evil.zip")
    assert answer.status == USAGE
    assert answer.err == f"m1doctor: {tmp_path}/evil.zip: its member '../../evil.txt' has a name that no bundle has\n"
