"""MEM004: nearly all memory for the GPU."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mem.mem004_wired_limit_risky import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.memory import Memory
from m1doctor.model.report import Result, SkipKind, Status
from m1doctor.model.unknown import not_applicable

GIB = 2**30


def result_of(limit: float, total: int = 36) -> Result:
    return judged(CHECK, Facts(memory=Memory(wired_limit_bytes=int(limit * GIB), total_bytes=total * GIB)))


@pytest.mark.parametrize(
    ("limit", "status"), [(27, Status.PASS), (32.3, Status.PASS), (32.5, Status.WARNING), (40, Status.WARNING)]
)
def test_nine_tenths_are_the_line(limit: float, status: Status) -> None:
    assert result_of(limit).status is status


def test_the_finding_names_the_settings_and_gives_no_command_for_root() -> None:
    (finding,) = result_of(35).findings
    assert finding.evidence == ("iogpu.wired_limit_mb: 35840", "hw.memsize: 38654705664")
    assert finding.remedy is not None
    assert all(not step.argv for step in finding.remedy.steps)


def test_the_systems_own_limit_is_not_judged_and_unknown_is_not_a_pass() -> None:
    default = Memory(total_bytes=36 * GIB, unknown={"wired_limit_bytes": not_applicable("it is 0")})
    assert judged(CHECK, Facts(memory=default)).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, Facts(memory=Memory(wired_limit_bytes=GIB))).skip is SkipKind.UNKNOWN
