"""Reads `pmset -g` and its kin: power mode, power source, Intel's thermal limits."""

from __future__ import annotations

import re

from m1doctor.model.record import record

_SETTING = re.compile(r"^[^\S\n]*(lowpowermode|powermode)[^\S\n]+([012])[^\S\n]*$", re.MULTILINE)
_SOURCE = re.compile(r"^[^\S\n]*Now drawing from '([A-Z][A-Za-z ]{1,30})'", re.MULTILINE)
_CHARGE = re.compile(r"^[^\S\n]*-\S+.*?[\t ](\d{1,3})%;", re.MULTILINE)
_LIMIT = re.compile(
    r"^[^\S\n]*(CPU_Scheduler_Limit|CPU_Available_CPUs|CPU_Speed_Limit)\s*=\s*(\d{1,4})\b", re.MULTILINE
)

LOW_POWER = 1
"""Value of `lowpowermode`, and of `powermode` on a Mac that has a high power mode too (there 2 is high)."""
FULL_CHARGE = 100


def parse_low_power_mode(text: str) -> bool | None:
    """Whether low power mode is on, from `pmset -g`, which shows the settings in use; `None` where it does not say.

    `pmset -g custom` shows a block for each power source and so does not answer: two different values give `None`.
    """
    values = {int(value) == LOW_POWER for _, value in _SETTING.findall(text)}
    return values.pop() if len(values) == 1 else None


@record(frozen=True, slots=True)
class Battery:
    """What `pmset -g batt` says."""

    source: str
    """``"AC Power"`` or ``"Battery Power"``."""
    percent: int | None
    """`None` on a Mac without a battery."""


def parse_battery(text: str) -> Battery | None:
    """Power source and charge; `None` where the source is not told."""
    source = _SOURCE.search(text)
    if source is None:
        return None
    charge = _CHARGE.search(text)
    percent = int(charge[1]) if charge else None
    return Battery(source=source[1], percent=percent if percent is not None and percent <= FULL_CHARGE else None)


def parse_cpu_speed_limit(text: str) -> int | None:
    """`CPU_Speed_Limit` of `pmset -g therm` in percent; `None` where it is not told, as always on Apple silicon."""
    limits = {name: int(value) for name, value in _LIMIT.findall(text)}
    limit = limits.get("CPU_Speed_Limit")
    return limit if limit is not None and limit <= FULL_CHARGE else None
