"""One look at the machine: GPU time by process, memory, swap, heat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from collect.parse import test_gpu_clients as clients
from m1doctor.collect.darwin.memory import SYSCTL, VM_STAT
from m1doctor.collect.darwin.power import NOTIFYUTIL
from m1doctor.collect.look import IOREG, NOT_A_MAC, look
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.memory import PressureLevel
from m1doctor.model.power import ThermalPressure
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown
from machines import formats
from machines.build import sample

MAC = Uname("Darwin", "24", "Darwin Kernel RELEASE_ARM64_T6000", "arm64")
LINUX = Uname("Linux", "6", "#1", "x86_64")
PYTHON = clients.ACCELERATOR + clients.client(42, "python3.12", 2_500_000_000)


def mac(*registries: str, more: Sequence[Reading] = ()) -> RecordedWorld:
    """A Mac whose IO registry says `registries`, one after the other."""
    said = {
        SYSCTL: "kern.memorystatus_vm_pressure_level: 2\n",
        VM_STAT: formats.vm_stat(sample(8, compressor=0.0)),
        NOTIFYUTIL: "com.apple.system.thermalpressurelevel 2\n",
    }
    return RecordedWorld(
        uname=MAC,
        root=Path("/"),
        readings=[
            *(Reading(argv=IOREG, returncode=0, stdout=text) for text in registries),
            *(Reading(argv=argv, returncode=0, stdout=text) for argv, text in said.items()),
            *more,
        ],
    )


def test_a_mac_tells_all_of_it_at_once() -> None:
    seen = look(mac(PYTHON))
    assert seen.gpu_nanoseconds == {42: 2_500_000_000}
    assert seen.gpu_busy_percent == 12
    assert seen.memory.pressure is PressureLevel.WARN
    assert seen.thermal_pressure is ThermalPressure.HEAVY
    assert seen.swapped_pages == 0


def test_nanoseconds_become_seconds_of_the_processes_asked_for() -> None:
    assert look(mac(PYTHON)).gpu_seconds({42, 43}) == 2.5


def test_a_process_without_a_client_has_used_none_where_others_are_counted() -> None:
    assert look(mac(PYTHON)).gpu_seconds({43}) == 0.0


def test_a_registry_without_counters_is_unknown() -> None:
    assert isinstance(look(mac("+-o AppleParavirtGPU  <class AppleParavirtGPU>\n")).gpu_seconds({42}), Unknown)


def test_linux_tells_memory_and_swap_and_no_gpu(tmp_path: Path) -> None:
    (tmp_path / "proc" / "pressure").mkdir(parents=True)
    (tmp_path / "proc" / "vmstat").write_text("pswpin 10\npswpout 20\n")
    (tmp_path / "proc" / "pressure" / "memory").write_text("some avg10=30.00 avg60=0.00 avg300=0.00 total=0\n")
    seen = look(RecordedWorld(uname=LINUX, root=tmp_path))
    assert (seen.swapins, seen.swapouts, seen.swapped_pages) == (10, 20, 30)
    assert seen.memory.pressure is PressureLevel.WARN
    assert seen.gpu_seconds({1}) == NOT_A_MAC


def test_what_is_counted_by_half_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "vmstat").write_text("pswpin 10\n")
    assert look(RecordedWorld(uname=LINUX, root=tmp_path)).swapped_pages is None
