from __future__ import annotations

import contextlib
import threading

from m1doctor.cli.progress import WORDS, LiveProgress
from m1doctor.model.facts import Facts


def test_the_line_names_what_runs() -> None:
    progress = LiveProgress()
    progress.started("packages")
    progress.started("memory")
    assert progress.line() == "reading the packages (0 s) · watching memory (0 s)"
    progress.finished("packages")
    assert progress.line() == "watching memory (0 s)"


def test_a_part_may_say_more() -> None:
    progress = LiveProgress()
    progress.told("runtime", "too early")
    progress.started("runtime")
    progress.told("runtime", "import tensorflow")
    assert progress.line() == "running TensorFlow: import tensorflow (0 s)"


def test_what_ends_twice_or_never_began_is_no_error() -> None:
    progress = LiveProgress()
    progress.finished("host")
    progress.started("host")
    progress.finished("host")
    progress.finished("host")
    assert progress.line() == ""


def test_nothing_is_left_running_behind_an_error() -> None:
    before = threading.active_count()
    with contextlib.suppress(ZeroDivisionError), LiveProgress():
        1 / 0  # noqa: B018 - any error will do
    assert threading.active_count() == before


def test_every_section_of_the_facts_has_its_words() -> None:
    with_others = {"correctness", "bench"}  # parts of the run of TensorFlow
    brought = {"earlier", "log", "given_lock", "profile"}
    sections = set(Facts.__dataclass_fields__) - {"unknown", "timings"} - with_others - brought
    assert sections <= set(WORDS)
