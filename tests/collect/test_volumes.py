"""Free room, by purpose."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.volumes import measure_volumes
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.model.host import Volume


def world(**volumes: tuple[int, int]) -> RecordedWorld:
    return RecordedWorld(
        uname=Uname("Darwin", "", "", ""),
        root=Path("/"),
        home=Path("/home"),
        volumes={f"/{name}": room for name, room in volumes.items()},
    )


def test_each_place_is_asked_and_one_that_does_not_answer_is_left_out() -> None:
    found = measure_volumes(world(swap=(100, 40), home=(200, 50)), swap="/swap", environment=Path("/environment"))
    assert found == (
        Volume(purpose="swap", path="/swap", total_bytes=100, free_bytes=40),
        Volume(purpose="home", path="/home", total_bytes=200, free_bytes=50),
    )


def test_no_answer_at_all_is_unknown_and_not_full() -> None:
    assert measure_volumes(world(), swap="/swap", environment=None) is None
    assert measure_volumes(world(swap=(0, 0)), swap="/swap", environment=None) is None


def test_this_very_file_lies_on_a_volume() -> None:
    found = measure_volumes(LiveWorld(), swap=None, environment=Path(__file__))
    assert found is not None
    assert found[0].purpose == "environment"
    assert 0 <= found[0].free_bytes <= found[0].total_bytes
