from __future__ import annotations

import logs
from m1doctor.render.text import Look, render_text

TEXT = """Metal device set to: Apple M1
systemMemory: 16.00 GB
Failed to get CPU frequency: 0 Hz
Failed to get CPU frequency: 0 Hz
export KMP_DUPLICATE_LIB_OK=TRUE
something else
FooError: the bar broke
"""
PLUGIN = """Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii
  Expected in: /site/tensorflow/python/_pywrap_tensorflow_internal.so
"""


def shown(text: str, **look: object) -> str:
    return render_text(logs.judged(text), logs.registry(), Look(**look))  # type: ignore[arg-type]  # any field of Look


def test_harmless_lines_are_named_with_how_many_there_are() -> None:
    page = shown(TEXT)
    assert "Harmless" in page
    assert "line 3 and 1 more: macOS on Apple silicon tells no processor frequency" in page


def test_harmful_advice_is_warned_about_and_never_given() -> None:
    page = shown(TEXT)
    assert "! Do not follow the advice on line 5" in page


def test_unknown_lines_are_counted_and_those_that_speak_of_an_error_are_shown() -> None:
    page = " ".join(shown(TEXT).split())
    assert "2 of 7 lines say nothing that m1doctor knows, 1 of which speaks of an error" in page
    assert "line 7: FooError: the bar broke" in page
    assert "something else" not in page


def test_only_lines_that_nothing_is_known_of_are_shown_as_such() -> None:
    page = shown("what is this\n" + PLUGIN)
    assert "1 of 3 lines says nothing that m1doctor knows, for instance:\n    line 1: what is this\n" in page
    assert "line 3" not in page.partition("for instance:")[2]


def test_a_long_line_is_cut_and_shows_it() -> None:
    assert f"line 1: {'x' * 160}…\n" in shown("x" * 200 + "\n")


def test_clues_are_told_only_to_those_who_ask() -> None:
    text = ">>> import tensorflow as tf\nwhat\n"
    assert "a command that imports TensorFlow" not in shown(text)
    assert "a command that imports TensorFlow" in shown(text, verbose=True)


def test_a_page_holds_at_any_width_and_without_our_marks() -> None:
    for width in (20, 40, 80, 100):
        for line in shown(TEXT, width=width).splitlines():
            assert len(line) <= width or "line 7" in line or "Error" in line or "a log" in line
    assert shown(TEXT, unicode=False).isascii()
