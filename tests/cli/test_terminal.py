from __future__ import annotations

import io
import os
import pty
from pathlib import Path

import pytest

from m1doctor.cli.terminal import check_writable, look_around, write_file
from m1doctor.errors import UserError


class _Stream(io.StringIO):
    def __init__(self, *, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


TERMINAL = _Stream(terminal=True)
FILE = _Stream(terminal=False)


def test_a_terminal_has_colour_and_movement() -> None:
    seen = look_around({"TERM": "xterm"}, out=TERMINAL, err=TERMINAL)
    assert (seen.interactive, seen.colour, seen.live, seen.unicode) == (True, True, True, True)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"NO_COLOR": "0"}, {"TERM": "dumb"}])
def test_who_wants_no_colour_gets_none_and_nothing_moves(environ: dict[str, str]) -> None:
    seen = look_around(environ, out=TERMINAL, err=TERMINAL)
    assert (seen.interactive, seen.colour, seen.live) == (True, False, False)


def test_an_empty_no_color_says_nothing() -> None:
    assert look_around({"NO_COLOR": ""}, out=TERMINAL, err=TERMINAL).colour


def test_nothing_moves_in_ci() -> None:
    assert not look_around({"CI": "true"}, out=TERMINAL, err=TERMINAL).live


def test_the_option_is_as_good_as_the_variable() -> None:
    assert not look_around({}, out=TERMINAL, err=TERMINAL, no_color=True).colour


def test_a_file_gets_no_colour_but_somebody_may_watch_the_other_stream() -> None:
    seen = look_around({}, out=FILE, err=TERMINAL)
    assert (seen.interactive, seen.colour, seen.live) == (False, False, True)


@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("500", 100), ("3", 20), ("x", 80), ("-5", 80), (None, 80)])
def test_a_file_has_eighty_columns_unless_told_otherwise_within_reason(columns: str | None, width: int) -> None:
    environ = {} if columns is None else {"COLUMNS": columns}
    assert look_around(environ, out=FILE, err=FILE).width == width


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("latin-1", False)]
)
def test_our_marks_need_an_encoding_that_has_them(encoding: str, unicode: bool) -> None:  # noqa: FBT001 - a table
    assert look_around({}, out=_Stream(terminal=False, encoding=encoding), err=FILE).unicode is unicode


def test_closed_streams_are_no_terminals() -> None:
    stream = _Stream(terminal=True)
    stream.close()
    assert not look_around({}, out=stream, err=stream).interactive


def test_a_file_that_can_be_written_is_accepted(tmp_path: Path) -> None:
    check_writable(tmp_path / "new", "--output")
    (tmp_path / "old").write_text("x")
    check_writable(tmp_path / "old", "--output")
    check_writable(Path("/dev/null"), "--output")


def test_a_file_that_cannot_is_refused_with_the_option(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--output: cannot write"):
        check_writable(tmp_path / "absent" / "new", "--output")


def test_a_pipe_is_written_to_and_not_replaced() -> None:
    reader, writer = os.pipe()
    try:
        write_file(Path(f"/dev/fd/{writer}"), "hello")
        assert os.read(reader, 10) == b"hello"
    finally:
        os.close(reader)
        os.close(writer)


def test_bytes_that_are_no_text_are_written_as_escapes(tmp_path: Path) -> None:
    write_file(tmp_path / "x", "\udcff")
    assert (tmp_path / "x").read_text() == r"\udcff"


def test_a_real_terminal_is_one() -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        assert look_around({"TERM": "xterm"}, out=stream, err=stream).live
    os.close(leader)
