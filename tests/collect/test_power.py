"""Power, whichever the machine."""

from __future__ import annotations

from m1doctor.collect.power import collect_power
from m1doctor.collect.world import LiveWorld


def test_this_very_machine_can_be_asked() -> None:
    power = collect_power(LiveWorld())
    assert power.battery_percent is None or 0 <= power.battery_percent <= 100
