"""A process and all below it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.profile.tree import PS, TreeUsage, cpu_between, measure_tree, parse_ps, parse_stat
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.model.reading import Reading

TABLE = """\
    1     0   12345   0:12.34
   42     1  200000   1:02.50
   43    42  100000   0:01.25
   44    43   50000 1-02:03:04.00
   50     1  999999  10:00.00
"""


def mac(table: str) -> RecordedWorld:
    return RecordedWorld(
        uname=Uname("Darwin", "24.0.0", "Darwin Kernel Version 24", "arm64"),
        root=Path("/"),
        readings=[Reading(argv=PS, returncode=0, stdout=table)],
    )


def test_descendants_are_counted_and_neighbours_are_not() -> None:
    tree = measure_tree(mac(TABLE), 42)
    assert tree is not None
    assert tree.pids == {42, 43, 44}
    assert tree.resident_bytes == 350000 * 1024
    assert tree.cpu_seconds[42] == 62.5
    assert tree.cpu_seconds[44] == 86400 + 2 * 3600 + 3 * 60 + 4


def test_a_process_that_is_gone_is_none() -> None:
    assert measure_tree(mac(TABLE), 4711) is None


def test_time_of_a_process_that_ended_is_not_taken_back() -> None:
    before = TreeUsage(frozenset({1, 2}), {1: 1.0, 2: 50.0}, 0)
    after = TreeUsage(frozenset({1, 3}), {1: 1.5, 3: 0.25}, 0)
    assert cpu_between(before, after) == 0.75


def test_the_name_in_a_stat_line_may_hold_anything() -> None:
    line = "77 (a) R 9 (x y) S 42 77 77 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 9 0 1000 999 2048 18446744073709551615"
    usage = parse_stat(line, ticks=100, page_bytes=4096)
    assert usage is not None
    assert (usage.parent, usage.cpu_seconds, usage.resident_bytes) == (42, 2.0, 2048 * 4096)


def test_this_very_process_is_found_in_proc_where_there_is_one() -> None:
    world = LiveWorld()
    tree = measure_tree(world, world.pid)
    assert tree is not None
    assert tree.resident_bytes > 2**20


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    parse_ps(text)
    parse_stat(text, 100, 4096)
