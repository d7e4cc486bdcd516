"""MAC006: heat."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mac.mac006_thermal_throttling import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.power import Power, ThermalPressure
from m1doctor.model.report import SkipKind, Status


@pytest.mark.parametrize(
    ("level", "status"),
    [
        (ThermalPressure.NOMINAL, Status.PASS),
        (ThermalPressure.MODERATE, Status.NOTE),
        (ThermalPressure.HEAVY, Status.WARNING),
        (ThermalPressure.TRAPPING, Status.WARNING),
        (ThermalPressure.SLEEPING, Status.WARNING),
    ],
)
def test_clocks_are_cut_from_heavy_on(level: ThermalPressure, status: Status) -> None:
    result = judged(CHECK, Facts(power=Power(thermal_pressure=level)))
    assert result.status is status
    if status is not Status.PASS:
        assert level.value in result.summary


@pytest.mark.parametrize(("limit", "status"), [(100, Status.PASS), (99, Status.WARNING), (23, Status.WARNING)])
def test_an_intel_mac_is_judged_by_its_speed_limit_too(limit: int, status: Status) -> None:
    power = Power(thermal_pressure=ThermalPressure.NOMINAL, cpu_speed_limit_percent=limit)
    assert judged(CHECK, Facts(power=power)).status is status


def test_an_unknown_level_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(power=Power())).skip is SkipKind.UNKNOWN
