"""What signals mean."""

from __future__ import annotations

import re
import signal

from m1doctor.knowledge.signals import signal_meanings


def test_every_entry_is_a_signal_with_a_meaning_and_a_source() -> None:
    for name, known in signal_meanings().items():
        assert name in signal.Signals.__members__
        assert known.name == name
        assert not known.meaning.endswith(".")
        assert known.fix
        assert known.url.startswith("https://")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", known.date)


def test_the_signals_that_tensorflow_dies_of_are_known() -> None:
    assert {"SIGILL", "SIGABRT", "SIGSEGV", "SIGBUS", "SIGKILL", "SIGTRAP"} <= set(signal_meanings())
