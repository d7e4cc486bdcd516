"""pmset: power mode, power source, Intel's speed limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.pmset import Battery, parse_battery, parse_cpu_speed_limit, parse_low_power_mode


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" lowpowermode         1\n", True),
        (" lowpowermode         0\n womp 1\n", False),
        (" powermode            1\n", True),
        (" powermode            2\n", False),
        (" powermode            0\n", False),
        (" powernap             1\n", None),
        (" lowpowermode         7\n", None),
        ("", None),
    ],
)
def test_low_power_mode_is_known_by_either_name(text: str, expected: object) -> None:
    assert parse_low_power_mode(text) is expected


def test_two_power_sources_with_different_settings_do_not_answer() -> None:
    text = "Battery Power:\n lowpowermode         1\nAC Power:\n lowpowermode         0\n"
    assert parse_low_power_mode(text) is None


@pytest.mark.parametrize("path", captures.each("pmset-g.*", "pmset-g-custom*"))
def test_a_capture_of_the_settings_says_what_its_name_says(path: Path) -> None:
    assert parse_low_power_mode(path.read_text()) is ("lowpower-on" in path.name)


def test_a_laptop_tells_source_and_charge() -> None:
    text = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1234)\t100%; charged; 0:00 remaining present: true\n"
    assert parse_battery(text) == Battery(source="AC Power", percent=100)


def test_a_desktop_tells_the_source_alone() -> None:
    assert parse_battery("Now drawing from 'AC Power'\n") == Battery(source="AC Power", percent=None)


@pytest.mark.parametrize("text", ["", "No battery\n", " -InternalBattery-0 (id=1)\t82%; discharging\n"])
def test_without_a_source_the_battery_is_unknown(text: str) -> None:
    assert parse_battery(text) is None


def test_a_charge_above_100_percent_is_unknown() -> None:
    text = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t182%; charged\n"
    assert parse_battery(text).percent is None


@pytest.mark.parametrize("path", captures.each("pmset-g-batt*"))
def test_a_capture_of_the_battery_is_read(path: Path) -> None:
    battery = parse_battery(path.read_text())
    assert battery.source in ("AC Power", "Battery Power")
    if "discharging" in path.name:
        assert battery == Battery(source="Battery Power", percent=82)


def test_a_speed_limit_is_read_and_notes_are_not() -> None:
    text = "2026-07-12 11:20:19 -0400 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Speed_Limit \t= 23\n"
    assert parse_cpu_speed_limit(text) == 23
    assert parse_cpu_speed_limit("Note: No CPU power status has been recorded\n") is None


@pytest.mark.parametrize("path", captures.each("pmset-g-therm*"))
def test_a_capture_of_the_limits_is_read(path: Path) -> None:
    assert parse_cpu_speed_limit(path.read_text()) == (100 if "limits100" in path.name else None)


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_low_power_mode(text)
    parse_battery(text)
    parse_cpu_speed_limit(text)
