"""notifyutil: only the exact answer counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.notifyutil import THERMAL_KEY, parse_thermal_pressure
from m1doctor.model.power import ThermalPressure


@pytest.mark.parametrize(("number", "level"), list(enumerate(ThermalPressure)))
def test_the_five_levels_have_names(number: int, level: ThermalPressure) -> None:
    assert parse_thermal_pressure(f"{THERMAL_KEY} {number}\n") is level


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{THERMAL_KEY} 5\n",
        f"{THERMAL_KEY}\n",
        f"{THERMAL_KEY}: Failed with code 9\n",
        f"{THERMAL_KEY} 00\n",
        "0\n",
    ],
)
def test_other_text_is_unknown_and_never_nominal(text: str) -> None:
    assert parse_thermal_pressure(text) is None


def test_another_key_says_nothing_on_heat() -> None:
    assert parse_thermal_pressure("com.apple.system.this.key.does.not.exist 0\n") is None


@pytest.mark.parametrize("path", captures.each("notifyutil*"))
def test_a_capture_is_read(path: Path) -> None:
    level = parse_thermal_pressure(path.read_text())
    if "nominal" in path.name:
        assert level is ThermalPressure.NOMINAL


@given(st.text(max_size=100))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_thermal_pressure(text)
    parse_thermal_pressure(THERMAL_KEY + text)
