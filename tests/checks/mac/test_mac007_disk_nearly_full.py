"""MAC007: too little room."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mac.mac007_disk_nearly_full import CHECK
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host, Volume
from m1doctor.model.report import Result, SkipKind, Status


def result_of(**free: float) -> Result:
    volumes = tuple(
        Volume(purpose=purpose, path=f"/{purpose}", total_bytes=10**12, free_bytes=int(room))
        for purpose, room in free.items()
    )
    return judged(CHECK, Facts(host=Host(volumes=volumes)))


def test_all_that_are_short_are_told_in_one_finding() -> None:
    result = result_of(swap=1.9e9, environment=1.9e9, home=1.9e9)
    assert result.status is Status.WARNING
    assert result.summary == "Only 1.9 GB are free for swap files, this environment and the home folder."
    assert len(result.findings) == 1
    assert result.findings[0].evidence[0] == "/swap (swap): 1900000000 of 1000000000000 bytes free"


@pytest.mark.parametrize(
    ("purpose", "line"),
    [("swap", "free-bytes-swap"), ("environment", "free-bytes-environment"), ("home", "free-bytes-environment")],
)
def test_each_purpose_has_its_line(purpose: str, line: str) -> None:
    assert result_of(**{purpose: threshold(line)}).status is Status.PASS
    assert result_of(**{purpose: threshold(line) - 1}).status is Status.WARNING


def test_a_volume_for_another_purpose_is_not_judged() -> None:
    assert result_of(models=0).status is Status.PASS


def test_unknown_room_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(host=Host())).skip is SkipKind.UNKNOWN
