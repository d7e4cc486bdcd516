"""Work beside the caller's: it has begun at once, and its end is the caller's whichever it is."""

from __future__ import annotations

import threading

import pytest

from m1doctor.collect.beside import Beside


def test_it_runs_while_the_caller_does_something_else() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert go_on.wait(20)
        return "done"

    beside = Beside(work)
    assert begun.wait(20)
    go_on.set()
    assert beside.result() == "done"


def test_what_it_raises_is_raised_where_the_result_is_asked_for() -> None:
    def work() -> None:
        raise KeyError("lost")

    beside = Beside(work)
    beside.join()
    with pytest.raises(KeyError, match="lost"):
        beside.result()


def test_nothing_is_a_result_too() -> None:
    assert Beside(lambda: None).result() is None
