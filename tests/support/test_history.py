from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rendered
import reports
from m1doctor import paths
from m1doctor.documents import to_json
from m1doctor.model.report import Report, Status, TargetKind
from m1doctor.paths import targets_folder
from m1doctor.support import history as module
from m1doctor.support.history import Entry, History, HistoryError, earlier, histories, history_of, remember, worked

NOON = reports.noon()
GOOD = rendered.of_machine("healthy-m2-pro")[0]
BAD = rendered.of_machine("metal-mismatch")[0]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "targets" / "venv-1" / "history")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return paths.state_folder()


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def keep(history: History, report: Report = GOOD, minutes: int = 0, lock: str | None = None) -> Entry:
    return history.remember(report, lock, when=later(minutes))


def test_what_was_remembered_comes_back_newest_first(history: History) -> None:
    keep(history, GOOD, 0)
    keep(history, BAD, 1)
    assert [history.read(entry) for entry in history.entries()] == [BAD, GOOD]
    assert [entry.kept for entry in history.entries()] == [later(1), later(0)]
    assert [entry.worked for entry in history.entries()] == [False, True]


def test_a_target_without_a_history_has_an_empty_one(history: History) -> None:
    assert history.entries() == ()
    assert history.last_good() is None
    assert history.clear() == 0


def test_only_its_user_may_read_it(history: History) -> None:
    history.folder.mkdir(parents=True, mode=0o755)
    keep(history, lock="tensorflow==2.18.1\n")
    assert history.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in history.folder.iterdir()} == {0o600}


def test_no_more_are_kept_than_the_number_and_the_oldest_go_first(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 3)
    for minutes in range(5):
        keep(history, BAD, minutes)
    assert [entry.kept for entry in history.entries()] == [later(4), later(3), later(2)]


def test_no_more_bytes_are_kept_than_the_bound_but_always_the_newest(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(history, BAD, 0)
    size = sum(path.stat().st_size for path in history.folder.iterdir())
    monkeypatch.setattr(module, "MOST_BYTES", int(2.5 * size))
    for minutes in range(1, 4):
        keep(history, BAD, minutes)
    assert len(history.entries()) == 2
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    newest = keep(history, BAD, 9)
    assert history.entries() == (newest,)


def test_the_last_that_worked_and_its_requirements_outlive_every_later_broken_diagnosis(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    keep(history, GOOD, 0, "older")
    good = keep(history, GOOD, 1, "tensorflow==2.18.1\n")
    for minutes in range(2, 8):
        keep(history, BAD, minutes, "tensorflow==2.21.0\n")
    assert history.last_good() == good
    assert history.lock(good) == "tensorflow==2.18.1\n"
    assert len(history.entries()) == 3
    assert [path.name for path in history.folder.glob("*.lock")] == [good.lock_name]


def test_requirements_outlive_a_later_success_that_pinned_none(history: History) -> None:
    pinned = keep(history, GOOD, 0, "tensorflow==2.18.1\n")
    unpinned = keep(history, GOOD, 1)
    assert history.last_good() == unpinned
    assert history.lock(unpinned) is None
    assert history.lock(pinned) == "tensorflow==2.18.1\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda _: b"", "damaged: cut short"),
        (lambda content: content[:200], "damaged: cut short"),
        (lambda _: b"no gzip at all", "damaged: "),
        (lambda _: gzip.compress(b"{}"), "damaged: not a m1doctor report"),
        (lambda _: gzip.compress(b'{"schema_version": 99}'), "damaged: schema_version 99 is newer than"),
    ],
)
def test_a_damaged_entry_is_passed_over_and_named(state: Path, damage: object, told: str) -> None:
    target = GOOD.target.path
    history = history_of(target)
    keep(history, GOOD, 0)
    broken = keep(history, BAD, 1)
    path = history.folder / broken.name
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # a function of bytes
    named: list[str] = []
    assert list(earlier(target, damaged=named.append)) == [GOOD]
    assert len(named) == 1
    assert named[0].startswith(f"{path}: {told}")
    assert state in history.folder.parents


def test_an_entry_that_unpacks_to_no_end_is_refused(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = keep(history)
    monkeypatch.setattr(module, "LARGEST_ENTRY_BYTES", 1000)
    with pytest.raises(HistoryError, match="damaged: larger than any report"):
        history.read(entry)


@pytest.mark.parametrize("name", ["notes.txt", "99999999T999999.000000Z-00000000.json.gz", ".hidden.json.gz"])
def test_a_file_that_is_none_of_ours_is_left_alone(history: History, name: str) -> None:
    history.folder.mkdir(parents=True)
    (history.folder / name).write_text("mine")
    entry = keep(history)
    assert history.entries() == (entry,)
    assert history.clear() == 1
    assert [path.name for path in history.folder.iterdir()] == [name]


def test_what_an_interrupted_run_left_is_removed_when_it_is_old(history: History) -> None:
    first = keep(history)
    fresh, old = (history.folder / f".{first.name}.{word}.tmp" for word in ("fresh", "old"))
    orphan = history.folder / "20200101T000000.000000Z-00000000-worked.lock"
    for path in (fresh, old, orphan):
        path.write_text("half")
    for path in (old, orphan):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    keep(history, minutes=1)
    assert fresh.exists()
    assert not old.exists()
    assert not orphan.exists()


def test_runs_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from m1doctor.documents import from_json;"
        "from m1doctor.support.history import History;"
        "report = from_json(Path(sys.argv[1]).read_bytes()); history = History(Path(sys.argv[2]));"
        "[history.remember(report) for _ in range(8)]"
    )
    saved, folder = tmp_path / "saved.json", tmp_path / "history"
    saved.write_text(to_json(BAD))
    runs = [subprocess.Popen([sys.executable, "-c", code, str(saved), str(folder)]) for _ in range(3)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    history = History(folder)
    assert len(history.entries()) == 24
    assert all(history.read(entry) == BAD for entry in history.entries())
    assert list(folder.glob(".*")) == []


def test_a_run_that_is_killed_leaves_whole_entries_or_none(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from m1doctor.documents import from_json;"
        "from m1doctor.support.history import History;"
        "report = from_json(Path(sys.argv[1]).read_bytes()); history = History(Path(sys.argv[2]));"
        "print('ready', flush=True)\n"
        "while True: history.remember(report, 'tensorflow==2.18.1')"
    )
    saved, folder = tmp_path / "saved.json", tmp_path / "history"
    saved.write_text(to_json(GOOD))
    for number in range(4):
        run = subprocess.Popen([sys.executable, "-c", code, str(saved), str(folder)], stdout=subprocess.PIPE)
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        time.sleep(0.05 + number * 0.013)
        run.kill()
        run.wait()
        run.stdout.close()
    history = History(folder)
    assert history.entries()
    assert all(history.read(entry) == GOOD for entry in history.entries())
    good = history.last_good()
    assert good is not None
    assert history.lock(good) == "tensorflow==2.18.1"


@given(st.binary() | st.binary().map(gzip.compress) | st.text().map(lambda text: gzip.compress(text.encode())))
def test_whatever_a_file_holds_it_is_a_report_or_named_as_damaged(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        history = History(Path(folder))
        entry = Entry.named("20261123T120000.000000Z-00000000.json.gz")
        assert entry is not None
        (history.folder / entry.name).write_bytes(content)
        with pytest.raises(HistoryError, match="damaged"):
            history.read(entry)


@given(st.text())
def test_any_name_is_that_of_an_entry_or_of_something_else(name: str) -> None:
    entry = Entry.named(name)
    assert entry is None or entry.name == name


def test_targets_are_kept_apart_and_those_not_seen_for_longest_are_forgotten(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TARGETS", 2)
    for name in ("a", "b", "c"):
        remember(replace(GOOD, target=replace(GOOD.target, path=f"/{name}/bin/python")))
    assert state.is_dir()
    assert [[report.target.path for report in earlier(f"/{name}/bin/python")] for name in ("a", "b", "c")] == [
        [],
        ["/b/bin/python"],
        ["/c/bin/python"],
    ]
    newest = [history.read(history.entries()[0]).target.path for history in histories(targets_folder())]
    assert newest == ["/c/bin/python", "/b/bin/python"]


def _with(report: Report, **status: Status) -> Report:
    results = tuple(
        replace(result, status=status[result.id], skip=None) if result.id in status else result
        for result in report.results
    )
    return replace(report, results=results)


def test_what_is_called_an_environment_that_worked() -> None:
    assert worked(GOOD)
    assert not worked(BAD)
    assert worked(_with(GOOD, MAC004=Status.WARNING))
    assert not worked(_with(GOOD, TF006=Status.ERROR))
    assert not worked(_with(GOOD, TF006=Status.CRASHED))
    assert not worked(replace(GOOD, facts=replace(GOOD.facts, runtime=None)))
    assert not worked(replace(GOOD, results=tuple(each for each in GOOD.results if each.id.startswith("MAC"))))


def test_of_a_folder_only_errors_can_be_known() -> None:
    folder = replace(GOOD, target=replace(GOOD.target, kind=TargetKind.FOLDER), facts=replace(GOOD.facts, runtime=None))
    assert worked(folder)
    assert not worked(_with(folder, LNK002=Status.ERROR))
    log = replace(GOOD, target=replace(GOOD.target, kind=TargetKind.LOG))
    assert not worked(log)


def test_every_kind_of_target_was_thought_of() -> None:
    assert set(module._DECIDING) | {TargetKind.LOG} == set(TargetKind)
