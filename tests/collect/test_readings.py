"""Probes side by side, and the words for one that failed."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.recorded import RecordedWorld, UnrecordedCommandError
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.model.reading import Reading


class Meeting(RecordedWorld):
    """A world whose commands only end once all of them run."""

    def run(self, argv: tuple[str, ...], **limits: object) -> Reading:
        """Wait for the others."""
        BARRIER.wait(5)
        return Reading(argv=tuple(argv), returncode=0, stdout=f"{argv[0]} {limits['timeout']}")


BARRIER = threading.Barrier(3)


def test_commands_run_at_the_same_time_and_come_back_in_order() -> None:
    world = Meeting(uname=Uname("Darwin", "", "", ""), root=Path("/"))
    readings = run_together(world, ("a",), ("/usr/sbin/system_profiler",), ("c",))
    assert [reading.stdout for reading in readings] == ["a 2.0", "/usr/sbin/system_profiler 10.0", "c 2.0"]


def test_what_a_command_raises_is_raised_here() -> None:
    world = RecordedWorld(uname=Uname("Darwin", "", "", ""), root=Path("/"))
    with pytest.raises(UnrecordedCommandError):
        run_together(world, ("never-recorded",))


def test_live_commands_answer_for_themselves() -> None:
    first, second = run_together(LiveWorld(), (sys.executable, "-c", "print(1)"), (sys.executable, "-c", "print(2)"))
    assert (first.stdout.strip(), second.stdout.strip()) == ("1", "2")


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        (Reading(argv=("/usr/bin/x",), error="Not a directory"), "x could not be started (Not a directory)"),
        (Reading(argv=("x",), signal=9, timed_out=True, seconds=2.04), "x gave no answer in 2.0 s"),
        (Reading(argv=("x",), signal=11), "x was ended by signal 11"),
        (Reading(argv=("x",), returncode=1, stderr="no\nmore\n"), "x printed no y (exit status 1: no)"),
        (Reading(argv=("x",), returncode=2), "x printed no y (exit status 2)"),
        (Reading(argv=("x",), returncode=0, stdout="z"), "x printed no y"),
    ],
)
def test_the_reason_says_what_happened(reading: Reading, reason: str) -> None:
    assert why_not(reading, "y").reason == reason
