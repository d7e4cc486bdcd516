from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.render.plain import paste_line, plain, plain_lines


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert plain("\x1b[31mred\x1b[0m") == r"\x1b[31mred\x1b[0m"


def test_a_bidirectional_override_is_shown() -> None:
    assert plain("gpj.\u202eexe") == r"gpj.\u202eexe"


def test_text_of_any_script_is_left_as_it_is() -> None:
    assert plain("Größe 메모리 10 µs") == "Größe 메모리 10 µs"


def test_lines_end_where_the_text_says_so() -> None:
    assert plain_lines("one\r\ntwo\nthree\n") == ["one", "two", "three"]


def test_a_progress_bar_that_was_redrawn_takes_a_line_each_time() -> None:
    assert plain_lines("10%\r50%\r100%") == ["10%", "50%", "100%"]


@given(st.text())
def test_no_text_can_move_the_cursor(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert plain(shown) == shown


def test_a_word_with_a_space_is_quoted() -> None:
    assert paste_line(["/My Projects/python", "-m", "pip"]) == "'/My Projects/python' -m pip"


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"])), min_size=1))
def test_a_printable_command_reads_back_to_its_words(words: list[str]) -> None:
    assert shlex.split(paste_line(words)) == words


@given(st.lists(st.text(), min_size=1))
def test_a_pasted_command_never_holds_a_character_that_a_terminal_acts_on(words: list[str]) -> None:
    assert paste_line(words).isprintable()


@pytest.mark.parametrize(
    "word", ["a\x1b[2Jb", "new\nline", "it's\ttab", "back\\slash\x07", "\u202eevil", "\udcff", "é\n"]
)
def test_a_shell_reads_back_the_very_word(word: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here to ask")
    script = f"printf %s {paste_line([word])}"
    done = subprocess.run(
        [bash, "-c", script.encode("utf-8", "surrogateescape")],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert done.stdout == word.encode("utf-8", "surrogateescape")
