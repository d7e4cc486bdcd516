"""What the machine does while the work runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from collect.parse import test_gpu_clients as clients
from collect.parse.test_pmgr import M1, printed
from m1doctor.collect.darwin.memory import SYSCTL, VM_STAT
from m1doctor.collect.darwin.power import NOTIFYUTIL
from m1doctor.collect.load import PMGR, LoadWatch
from m1doctor.collect.look import IOREG
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.memory import PressureLevel
from m1doctor.model.power import ThermalPressure
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import UnknownKind

PARTS = frozenset({"matmul", "input"})
MAC = Uname("Darwin", "24", "Darwin Kernel RELEASE_ARM64_T6000", "arm64")
LINUX = Uname("Linux", "6", "#1", "x86_64")


def mac(root: Path, *gpu: str, pages: str = "") -> RecordedWorld:
    """A Mac whose GPU clients are `gpu`, one answer after the other."""
    answers = [Reading(argv=IOREG, returncode=0, stdout=text) for text in gpu]
    vm_stat = f"Mach Virtual Memory Statistics: (page size of 16384 bytes)\n{pages}"
    return RecordedWorld(
        uname=MAC,
        root=root,
        readings=[
            *answers,
            Reading(argv=SYSCTL, returncode=0, stdout="kern.memorystatus_vm_pressure_level: 2\n"),
            Reading(argv=VM_STAT, returncode=0, stdout=vm_stat),
            Reading(argv=NOTIFYUTIL, returncode=0, stdout="com.apple.system.thermalpressurelevel 2\n"),
            Reading(argv=PMGR, returncode=0, stdout=printed(*M1)),
        ],
    )


def until(condition: Callable[[], bool]) -> None:
    """Wait for another thread; the limit is far beyond what it takes."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about")


def test_a_mac_tells_gpu_time_of_the_process_pressure_and_heat_and_its_clock_at_the_end(tmp_path: Path) -> None:
    text = clients.ACCELERATOR + clients.client(42, "python3.11", 5000, 6000) + clients.client(7, "WindowServer", 9)
    watch = LoadWatch(mac(tmp_path, text), PARTS)
    watch.begun("import tensorflow", 42)
    assert watch._samples == []
    watch.begun("matmul", 42)
    until(lambda: bool(watch._samples))
    load = watch.end()
    sample = load.samples[0]
    assert (sample.part, sample.gpu_nanoseconds, sample.gpu_busy_percent) == ("matmul", 11000, 12)
    assert (sample.pressure, sample.thermal_pressure) == (PressureLevel.WARN, ThermalPressure.HEAVY)
    assert load.gpu_clock_hz == 1278e6
    assert set(load.unknown) == {"swapins", "swapouts"}


def test_a_process_without_a_client_of_the_gpu_has_no_gpu_time_rather_than_none_of_it(tmp_path: Path) -> None:
    watch = LoadWatch(mac(tmp_path, clients.ACCELERATOR + clients.client(7, "WindowServer", 9)), PARTS)
    watch.begun("matmul", 42)
    until(lambda: bool(watch._samples))
    load = watch.end()
    assert load.samples[0].gpu_nanoseconds is None
    assert "counts no GPU time" in load.unknown["gpu_nanoseconds"].reason


def test_linux_tells_swap_traffic_and_pressure_and_no_gpu(tmp_path: Path) -> None:
    (tmp_path / "proc" / "pressure").mkdir(parents=True)
    (tmp_path / "proc" / "vmstat").write_text("pswpin 10\npswpout 20\n")
    (tmp_path / "proc" / "pressure" / "memory").write_text("some avg10=30.00 avg60=0.00 avg300=0.00 total=0\n")
    watch = LoadWatch(RecordedWorld(uname=LINUX, root=tmp_path), PARTS)
    watch.begun("matmul", 42)
    until(lambda: len(watch._samples) > 0)
    (tmp_path / "proc" / "vmstat").write_text("pswpin 15\npswpout 120\n")
    watch.begun("input", 42)
    until(lambda: watch._samples[-1].part == "input")
    load = watch.end()
    assert [sample.part for sample in load.samples[:1]] == ["matmul"]
    assert load.swapped_pages() == 105
    assert load.samples[0].pressure is PressureLevel.WARN
    assert load.unknown["gpu_nanoseconds"].kind is UnknownKind.NOT_APPLICABLE


def test_a_run_without_parts_is_not_watched(tmp_path: Path) -> None:
    watch = LoadWatch(RecordedWorld(uname=MAC, root=tmp_path), PARTS)
    watch.begun("placement", 42)
    load = watch.end()
    assert load.samples == ()
    assert load.unknown["gpu_clock_hz"].reason == "no part of the work came to run"


def test_a_look_that_fails_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    watch = LoadWatch(RecordedWorld(uname=MAC, root=tmp_path), PARTS)  # a recording without one reading
    watch.begun("matmul", 42)
    until(lambda: watch._failure is not None)
    load = watch.end()
    assert load.unknown["samples"].kind is UnknownKind.CRASHED
