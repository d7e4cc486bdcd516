from __future__ import annotations

from m1doctor.model.report import SkipKind, Status, VerdictStatus
from m1doctor.render import words


def test_every_status_verdict_and_skip_has_a_look_and_a_wording() -> None:
    assert set(words.MARKS) == set(words.STYLES) == set(Status)
    assert set(words.VERDICT_STATUS) == set(VerdictStatus)
    assert set(words._SKIP_WORDS) == set(SkipKind)
