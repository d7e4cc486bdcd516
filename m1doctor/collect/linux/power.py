"""Power of a Linux machine: its battery."""

from __future__ import annotations

from m1doctor.collect.files import read_text
from m1doctor.collect.world import World
from m1doctor.model.power import Power
from m1doctor.model.unknown import Unknown, not_applicable

_NOT_DARWIN = not_applicable("this is not macOS")
_NO_BATTERY = not_applicable("this machine has no battery")


def ask_linux(world: World) -> Power:
    """The battery of /sys/class/power_supply; the rest has no counterpart that means the same."""
    unknown = dict.fromkeys(("low_power_mode", "thermal_pressure", "cpu_speed_limit_percent"), _NOT_DARWIN)
    try:
        supplies = sorted(path.name for path in (world.root / "sys/class/power_supply").iterdir())
    except OSError:
        supplies = []
    for name in supplies:
        folder = f"sys/class/power_supply/{name}"
        kind = (read_text(world, f"{folder}/type") or "").strip()
        scope = (read_text(world, f"{folder}/scope") or "").strip()
        if kind != "Battery" or scope == "Device":  # a mouse has a battery too
            continue
        charge = (read_text(world, f"{folder}/capacity") or "").strip()
        status = (read_text(world, f"{folder}/status") or "").strip()
        if not charge.isdecimal():
            unknown["battery_percent"] = Unknown(f"/{folder}/capacity says nothing")
        return Power(
            source="Battery Power" if status == "Discharging" else "AC Power",
            battery_percent=int(charge[:3]) if charge.isdecimal() else None,
            unknown=unknown,
        )
    unknown["source"] = unknown["battery_percent"] = _NO_BATTERY
    return Power(unknown=unknown)
