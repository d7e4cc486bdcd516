"""Reads `notifyutil -g com.apple.system.thermalpressurelevel`: ``com.apple.system.thermalpressurelevel 0``.

A key that nobody ever set answers 0 too, so 0 is "nominal, or not reported". A failure is printed on standard output
with exit status 0 (``…: Failed with code 9``), so only the exact form counts.
"""

from __future__ import annotations

import re

from m1doctor.model.power import ThermalPressure

THERMAL_KEY = "com.apple.system.thermalpressurelevel"
# OSThermalNotification.h: the order of the levels is the order of the enumeration.
_LEVELS = tuple(ThermalPressure)
_LINE = re.compile(rf"^[^\S\n]*{re.escape(THERMAL_KEY)} ([0-4])[^\S\n]*(?:#.*)?$", re.MULTILINE)


def parse_thermal_pressure(text: str) -> ThermalPressure | None:
    """The level, or `None` for any other text."""
    match = _LINE.search(text)
    return _LEVELS[int(match[1])] if match else None
