"""MAC005: low power mode."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.mac.mac005_low_power_mode import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.power import Power
from m1doctor.model.report import SkipKind, Status


def test_low_power_mode_is_a_warning_with_its_source() -> None:
    power = Power(low_power_mode=True, source="Battery Power", battery_percent=31)
    result = judged(CHECK, Facts(power=power))
    assert result.status is Status.WARNING
    assert result.summary == "Low power mode is on (Battery Power, 31 %): processor and GPU run slower on purpose."


def test_an_unknown_source_is_left_out() -> None:
    assert judged(CHECK, Facts(power=Power(low_power_mode=True))).summary.startswith("Low power mode is on: ")


def test_it_passes_where_it_is_off_and_is_unknown_where_it_is_unknown() -> None:
    assert judged(CHECK, Facts(power=Power(low_power_mode=False))).status is Status.PASS
    assert judged(CHECK, Facts(power=Power())).skip is SkipKind.UNKNOWN
