from __future__ import annotations

from m1doctor.model.report import SkipKind, Status, VerdictStatus
from m1doctor.render import words


def test_every_status_verdict_and_skip_has_a_look_and_a_wording() -> None:
    assert set(words.MARKS) == set(words.STYLES) == set(Status)
    assert set(words.VERDICT_STATUS) == set(VerdictStatus)
    assert set(words._SKIP_WORDS) == set(SkipKind)


def test_a_duration_is_told_in_a_unit_that_shows_it() -> None:
    told = [words.short_seconds(value) for value in (6.43, 1, 0.022, 0.001, 3e-5, 0)]
    assert told == ["6.4 s", "1.0 s", "22 ms", "1 ms", "0.03 ms", "0 ms"]
