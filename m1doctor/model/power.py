"""Facts about power and heat: whether the machine is slow on purpose."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


class ThermalPressure(StrEnum):
    """Levels of `com.apple.system.thermalpressurelevel`, mildest first."""

    NOMINAL = "nominal"
    MODERATE = "moderate"
    HEAVY = "heavy"
    TRAPPING = "trapping"
    SLEEPING = "sleeping"


@record(frozen=True, slots=True, kw_only=True)
class Power:
    """Power source, power mode, thermal state."""

    low_power_mode: bool | None = None
    source: str | None = None
    """``"AC Power"`` or ``"Battery Power"``."""
    battery_percent: int | None = None
    thermal_pressure: ThermalPressure | None = None
    """Nominal also stands for "not reported": the probe cannot tell them apart."""
    cpu_speed_limit_percent: int | None = None
    """Intel Macs: `CPU_Speed_Limit` of `pmset -g therm`."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
