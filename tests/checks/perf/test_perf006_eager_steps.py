"""PERF006: eager steps, as a watched script shows it."""

from __future__ import annotations

import watched
from judged import judged
from m1doctor.checks.perf.perf006_eager_steps import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status


def test_it_fires_for_what_the_observer_counted() -> None:
    result = judged(CHECK, watched.facts(watched.profile(watched.inside(eager_gradients=100))))
    assert result.status is Status.WARNING


def test_it_passes_where_nothing_was_counted() -> None:
    assert judged(CHECK, watched.facts(watched.profile(watched.inside()))).status is Status.PASS


def test_a_script_that_was_not_observed_from_within_is_no_pass() -> None:
    assert judged(CHECK, watched.facts(watched.profile())).skip is SkipKind.NOT_APPLICABLE


def test_without_a_script_it_was_not_asked() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED
