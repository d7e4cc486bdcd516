"""The battery of a Linux machine."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.power import collect_power
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.unknown import UnknownKind


def test_a_linux_laptop_tells_its_battery_and_not_its_mouse(tmp_path: Path) -> None:
    supplies = tmp_path / "sys/class/power_supply"
    for name, files in {
        "AC": {"type": "Mains", "online": "0"},
        "BAT0": {"type": "Battery", "capacity": "57", "status": "Discharging"},
        "hid-mouse": {"type": "Battery", "scope": "Device", "capacity": "3", "status": "Discharging"},
    }.items():
        (supplies / name).mkdir(parents=True)
        for file, text in files.items():
            (supplies / name / file).write_text(text + "\n")
    world = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path)
    power = collect_power(world)
    assert (power.source, power.battery_percent) == ("Battery Power", 57)


def test_a_linux_machine_without_a_battery_has_none(tmp_path: Path) -> None:
    power = collect_power(RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path))
    assert power.source is None
    assert power.unknown["source"].kind is UnknownKind.NOT_APPLICABLE
