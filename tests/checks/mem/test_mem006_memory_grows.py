"""MEM006: memory grows, as a watched script shows it."""

from __future__ import annotations

import watched
from judged import judged
from m1doctor.checks.mem.mem006_memory_grows import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.profile import Sample
from m1doctor.model.report import SkipKind, Status


def growing() -> tuple[Sample, ...]:
    return tuple(Sample(seconds=float(n), resident_bytes=10**9 + n * 50_000_000, steps=n) for n in range(1, 31))


def test_it_fires_for_memory_that_grows_on() -> None:
    result = judged(CHECK, watched.facts(watched.profile(samples=growing())))
    assert result.status is Status.WARNING


def test_it_passes_where_memory_levels_off() -> None:
    assert judged(CHECK, watched.facts(watched.profile())).status is Status.PASS


def test_without_a_script_it_was_not_asked() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
