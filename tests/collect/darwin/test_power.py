"""Power and heat of a Mac."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.darwin.power import NOTIFYUTIL, PMSET, PMSET_BATTERY, PMSET_THERMAL
from m1doctor.collect.power import collect_power
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.power import Power, ThermalPressure
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import UnknownKind
from machines import loading


def power_of(name: str, root: Path) -> Power:
    return collect_power(loading.load(name, root).world)


def test_a_laptop_that_is_hot_and_slow_on_purpose(tmp_path: Path) -> None:
    power = power_of("low-power-hot", tmp_path)
    assert power.low_power_mode is True
    assert (power.source, power.battery_percent) == ("Battery Power", 31)
    assert power.thermal_pressure is ThermalPressure.HEAVY
    assert power.unknown["cpu_speed_limit_percent"].kind is UnknownKind.NOT_APPLICABLE


def test_a_desktop_has_no_battery_and_that_is_no_gap(tmp_path: Path) -> None:
    power = power_of("healthy-m2-pro", tmp_path)
    assert (power.source, power.battery_percent, power.low_power_mode) == ("AC Power", None, False)
    assert power.unknown["battery_percent"].kind is UnknownKind.NOT_APPLICABLE


def test_an_intel_mac_tells_its_speed_limit(tmp_path: Path) -> None:
    assert power_of("intel-mac", tmp_path).cpu_speed_limit_percent == 100


def test_a_machine_that_lists_its_settings_without_a_low_power_mode_has_none(tmp_path: Path) -> None:
    power = power_of("gha-vm", tmp_path)
    assert power.low_power_mode is None
    assert power.unknown["low_power_mode"].kind is UnknownKind.NOT_APPLICABLE


def test_a_failure_printed_with_success_is_unknown_and_not_nominal(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    failed = Reading(
        argv=NOTIFYUTIL, returncode=0, stdout="com.apple.system.thermalpressurelevel: Failed with code 9\n"
    )
    kept = [reading for reading in world.readings if reading.argv != NOTIFYUTIL]
    power = collect_power(replace(world, readings=[*kept, failed]))
    assert power.thermal_pressure is None
    assert power.unknown["thermal_pressure"].kind is UnknownKind.UNAVAILABLE


def test_commands_that_fail_leave_reasons(tmp_path: Path) -> None:
    world = replace(loading.load("healthy-m1-8gb", tmp_path).world, readings=(), commands_fail=True)
    power = collect_power(world)
    for name in ("low_power_mode", "source", "battery_percent", "thermal_pressure"):
        assert getattr(power, name) is None
        assert "could not be started" in power.unknown[name].reason


@given(st.text(max_size=200))
def test_any_answers_give_a_section(text: str) -> None:
    commands = (NOTIFYUTIL, PMSET, PMSET_BATTERY, PMSET_THERMAL)
    world = RecordedWorld(
        uname=Uname("Darwin", "24", "RELEASE_X86_64", "x86_64"),
        root=Path("/nonexistent"),
        readings=[Reading(argv=argv, returncode=0, stdout=text) for argv in commands],
    )
    power = collect_power(world)
    for name in Power.__dataclass_fields__:
        assert name == "unknown" or (getattr(power, name) is None) == (name in power.unknown)
