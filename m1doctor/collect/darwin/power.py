"""Power and heat of a Mac: pmset and notifyutil."""

from __future__ import annotations

from m1doctor.collect.parse.kernel import parse_kernel
from m1doctor.collect.parse.notifyutil import THERMAL_KEY, parse_thermal_pressure
from m1doctor.collect.parse.pmset import parse_battery, parse_cpu_speed_limit, parse_low_power_mode
from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.world import World
from m1doctor.model.power import Power
from m1doctor.model.unknown import Unknown, not_applicable

NOTIFYUTIL = ("/usr/bin/notifyutil", "-g", THERMAL_KEY)
PMSET = ("/usr/bin/pmset", "-g")
PMSET_BATTERY = ("/usr/bin/pmset", "-g", "batt")
PMSET_THERMAL = ("/usr/bin/pmset", "-g", "therm")
_NO_BATTERY = not_applicable("this machine has no battery")


def ask_mac(world: World) -> Power:
    """Ask all probes side by side."""
    kernel = parse_kernel(world.uname.version)
    commands = [NOTIFYUTIL, PMSET, PMSET_BATTERY]
    intel = kernel is not None and kernel[0] == "X86_64"
    if intel:
        # Apple silicon never writes these limits, hot or not: asking it would only look like an answer.
        commands.append(PMSET_THERMAL)
    readings = {reading.argv: reading for reading in run_together(world, *commands)}
    unknown: dict[str, Unknown] = {}
    low_power = parse_low_power_mode(readings[PMSET].stdout)
    if low_power is None and "Currently in use:" in readings[PMSET].stdout:
        # pmset lists the settings that this machine has; a virtual machine, and macOS 11, have no such mode.
        unknown["low_power_mode"] = not_applicable("this Mac has no low power mode")
    elif low_power is None:
        unknown["low_power_mode"] = why_not(readings[PMSET], "lowpowermode")
    battery = parse_battery(readings[PMSET_BATTERY].stdout)
    if battery is None:
        unknown["source"] = unknown["battery_percent"] = why_not(readings[PMSET_BATTERY], "power source")
    elif battery.percent is None:
        unknown["battery_percent"] = _NO_BATTERY
    thermal = parse_thermal_pressure(readings[NOTIFYUTIL].stdout)
    if thermal is None:
        unknown["thermal_pressure"] = why_not(readings[NOTIFYUTIL], "thermal pressure level")
    limit = parse_cpu_speed_limit(readings[PMSET_THERMAL].stdout) if intel else None
    if limit is None:
        unknown["cpu_speed_limit_percent"] = (
            why_not(readings[PMSET_THERMAL], "CPU_Speed_Limit")
            if intel
            else not_applicable("Apple silicon does not report a speed limit")
        )
    return Power(
        low_power_mode=low_power,
        source=battery.source if battery else None,
        battery_percent=battery.percent if battery else None,
        thermal_pressure=thermal,
        cpu_speed_limit_percent=limit,
        unknown=unknown,
    )
