"""The process table: our ancestors and whether they are translated."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.ps import P_TRANSLATED, Process, parse_ancestors, starting_shell

TABLE = """\
    1     0     4004 /sbin/launchd
  300     1     4004 /System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal
  310   300     4006 login
  311   310    24006 -zsh
  420   311     4006 /Users/someone/.local/bin/uv
  421   420     4006 /opt/homebrew/bin/python3.12
  500     1     4004 /usr/libexec/some daemon
"""


def test_ancestors_are_listed_from_the_parent_up() -> None:
    assert [process.pid for process in parse_ancestors(TABLE, 421)] == [420, 311, 310, 300, 1]


def test_the_shell_is_the_nearest_ancestor_that_is_one() -> None:
    shell = starting_shell(parse_ancestors(TABLE, 421))
    assert shell == Process(pid=311, parent=310, flags=0x24006, command="-zsh")
    assert shell.translated
    assert not parse_ancestors(TABLE, 421)[0].translated


def test_without_a_shell_the_parent_stands_for_it() -> None:
    table = TABLE.replace("-zsh", "/Applications/Editor.app/Contents/MacOS/Editor")
    assert starting_shell(parse_ancestors(table, 421)).pid == 420


def test_a_process_that_the_table_does_not_hold_has_no_ancestors() -> None:
    assert parse_ancestors(TABLE, 9999) == ()
    assert starting_shell(()) is None


def test_a_ring_of_parents_ends() -> None:
    assert [process.pid for process in parse_ancestors("5 6 4004 a\n6 5 4004 b\n", 5)] == [6]
    assert parse_ancestors("5 5 4004 a\n", 5) == ()


def test_the_bit_is_the_one_of_the_kernels_header() -> None:
    assert P_TRANSLATED == 1 << 17


@given(st.text(max_size=300), st.integers(0, 10**6))
def test_any_text_gives_ancestors_or_none(text: str, pid: int) -> None:
    starting_shell(parse_ancestors(text, pid))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30), st.integers(0, 20))
def test_any_table_ends(pairs: list[tuple[int, int]], pid: int) -> None:
    text = "".join(f"{child} {parent} 4004 x\n" for child, parent in pairs)
    assert len(parse_ancestors(text, pid)) <= 21
