from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.files import read_text
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.recording import KEEP_CHARACTERS, MOST_KEPT, RecordingWorld, cut
from m1doctor.collect.world import Uname
from m1doctor.model.reading import Reading

TRUE = Reading(argv=("/bin/true",), returncode=0, stdout="yes\n")
LONG = Reading(argv=("/bin/long",), returncode=0, stdout="a" * 3 * KEEP_CHARACTERS)


@pytest.fixture
def world(tmp_path: Path) -> RecordingWorld:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text("ID=debian\n")
    machine = RecordedWorld(
        uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path, readings=(TRUE, LONG), sysctls={"hw.x": 1}
    )
    return RecordingWorld(machine)


def test_what_is_run_read_and_asked_is_answered_and_kept(world: RecordingWorld) -> None:
    assert world.run(("/bin/true",)) == TRUE
    assert read_text(world, "/etc/os-release") == "ID=debian\n"
    assert read_text(world, "/etc/none") is None
    assert (world.sysctl_integer("hw.x"), world.sysctl_integer("hw.y")) == (1, None)
    assert world.readings == [TRUE]
    assert world.files == {"/etc/os-release": "ID=debian\n"}
    assert world.integers == {"hw.x": 1, "hw.y": None}


def test_a_long_answer_is_given_whole_and_kept_cut(world: RecordingWorld) -> None:
    assert world.run(("/bin/long",)) == LONG
    assert len(world.readings[0].stdout) < 2 * KEEP_CHARACTERS + 100
    assert cut("abc") == "abc"


def test_no_flood_of_readings_is_kept(world: RecordingWorld) -> None:
    for _ in range(MOST_KEPT + 5):
        world.run(("/bin/true",))
    assert len(world.readings) == MOST_KEPT


def test_it_stands_where_the_other_world_stands(world: RecordingWorld, tmp_path: Path) -> None:
    assert world.root == tmp_path
    assert (world.uname.sysname, world.pid, world.home, world.cwd) == ("Linux", 1, None, Path("/"))
    assert world.free_bytes(tmp_path) is None
    start = world.clock()
    world.sleep(2.0)
    assert world.clock() - start == 2.0
    world.end()
