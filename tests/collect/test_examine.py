from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from m1doctor.collect.examine import Depth, examine, too_little_memory
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.model.memory import Memory
from m1doctor.model.report import Target, TargetKind
from m1doctor.model.unknown import Unknown, UnknownKind

SECTIONS = ("host", "power", "memory", "interpreter", "packages", "plugins", "runtime", "correctness", "bench")


class Watcher:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []

    def started(self, part: str) -> None:
        self.begun.append(part)

    def told(self, part: str, words: str) -> None:
        del part, words

    def finished(self, part: str) -> None:
        self.ended.append(part)


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment with nothing in it."""
    folder = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


def target_of(environment: Path) -> Target:
    return choose_target(LiveWorld(), python=str(environment / "bin" / "python"))


def test_a_quick_examination_has_every_section_but_those_of_a_run(environment: Path) -> None:
    facts = examine(LiveWorld(), target_of(environment), Depth(quick=True))
    assert [name for name in SECTIONS if getattr(facts, name) is None] == ["runtime", "correctness", "bench"]
    assert facts.unknown == dict.fromkeys(
        ("runtime", "correctness", "bench"), Unknown("--quick starts no process of the target", UnknownKind.NOT_ASKED)
    )


def test_every_part_is_timed_and_told(environment: Path) -> None:
    watcher = Watcher()
    facts = examine(LiveWorld(), target_of(environment), Depth(quick=True), watcher)
    parts = {"host", "power", "memory", "interpreter", "packages", "plugins"}
    assert set(facts.timings) == {*parts, "total"}
    assert set(watcher.begun) == set(watcher.ended) == parts


def test_without_a_smoke_run_the_target_runs_all_the_same(environment: Path) -> None:
    facts = examine(LiveWorld(), target_of(environment), Depth(bench=False))
    assert facts.runtime is not None
    assert facts.correctness is None
    assert facts.unknown["correctness"].kind is UnknownKind.NOT_ASKED


def test_a_folder_has_no_machine_and_nothing_is_run(tmp_path: Path) -> None:
    metadata = tmp_path / "thing-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
    # A recording without one reading: any command at all would fail the collector that ran it.
    world = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=Path("/"))
    facts = examine(world, Target(kind=TargetKind.FOLDER, path=str(tmp_path), why="--site-packages"), Depth())
    assert {name for name in SECTIONS if getattr(facts, name) is None} == {
        "host",
        "power",
        "memory",
        "runtime",
        "correctness",
        "bench",
    }
    assert {unknown.kind for unknown in facts.unknown.values()} == {UnknownKind.NOT_ASKED}


def test_a_collector_that_fails_costs_its_section_and_no_other(environment: Path) -> None:
    # A Mac whose recording knows none of the commands that a Mac is asked.
    world = RecordedWorld(uname=Uname("Darwin", "24", "Darwin Kernel RELEASE_ARM64_T6000", "arm64"), root=Path("/"))
    facts = examine(world, target_of(environment), Depth(quick=True))
    for name in ("host", "power", "memory"):
        assert getattr(facts, name) is None
        assert facts.unknown[name].kind is UnknownKind.CRASHED
        assert facts.unknown[name].reason.startswith(
            f"m1doctor's own collector of {name} failed: UnrecordedCommandError: the recording holds no reading of "
        )
    assert facts.interpreter is not None
    assert facts.packages is not None


class Shattered(dict[str, str]):
    """An environment that nobody can look into."""

    def get(self, *_: object) -> str:  # type: ignore[override] # it never returns
        raise RuntimeError("no looking")

    __getitem__ = get  # type: ignore[assignment] # likewise


def test_what_builds_on_a_failed_section_says_so(environment: Path) -> None:
    world = RecordedWorld(
        uname=Uname("Linux", "6", "#1", "x86_64"), root=Path("/"), environ=Shattered(), commands_fail=True
    )
    facts = examine(world, target_of(environment), Depth())
    assert facts.unknown["interpreter"].kind is UnknownKind.CRASHED
    for name in ("packages", "plugins", "runtime", "correctness", "bench"):
        assert facts.unknown[name] == Unknown("it builds on the section interpreter, which could not be had")


def test_too_little_memory_is_a_reason_to_measure_nothing_and_unknown_memory_is_none() -> None:
    refusal = too_little_memory(Memory(available_bytes=1_500_000_000))
    assert refusal == Unknown("1.4 GB of memory are available, and the benchmark needs 2 GB")
    assert too_little_memory(Memory(available_bytes=4 * 2**30)) is None
    assert too_little_memory(Memory()) is None
    assert too_little_memory(None) is None
