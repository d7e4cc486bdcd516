"""The machines are what their numbers say, and obey the arithmetic of the kernel."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from m1doctor.collect.darwin.memory import VM_STAT
from m1doctor.collect.parse.vm_stat import parse_vm_stat
from m1doctor.model.memory import PressureLevel
from machines import build, loading

MACS = [name for name in loading.names() if not name.startswith(("linux", "emulated"))]


def test_the_files_are_what_the_numbers_render(tmp_path: Path) -> None:
    written = {path.name: path.read_text() for path in build.write(tmp_path)}
    here = {path.name: path.read_text() for path in loading.FOLDER.glob("*.json")}
    assert here == written, "run: python tests/machines/build.py"


@pytest.mark.parametrize("name", loading.names())
def test_a_machine_can_be_collected_without_a_command_that_it_does_not_hold(name: str, tmp_path: Path) -> None:
    machine = loading.load(name, tmp_path)
    facts = machine.facts()
    assert facts.host is not None
    assert facts.host.system == machine.world.uname.sysname
    assert machine.about


@pytest.mark.parametrize("name", MACS)
def test_the_samples_of_a_mac_keep_the_kernels_identity(name: str, tmp_path: Path) -> None:
    world = loading.load(name, tmp_path).world
    for reading in (reading for reading in world.readings if reading.argv == VM_STAT):
        pages = parse_vm_stat(reading.stdout)
        assert pages is not None
        assert pages.file_backed is not None
        assert pages.anonymous is not None
        assert pages.anonymous > 0
        assert pages.file_backed + pages.anonymous == pages.active + pages.inactive + pages.speculative


@pytest.mark.parametrize("name", MACS)
def test_the_counters_of_a_mac_fit_its_memory_and_its_level(name: str, tmp_path: Path) -> None:
    memory = loading.load(name, tmp_path).facts().memory
    assert memory is not None
    assert memory.pages is not None
    assert memory.total_bytes is not None
    pages = memory.pages
    held = (pages.available + pages.wired + pages.compressor) * pages.page_bytes
    assert 0.85 * memory.total_bytes < held <= memory.total_bytes
    # The lines of the kernel, with what the history may shift between them.
    lowest, highest = {
        PressureLevel.NORMAL: (0.50, 1.0),
        PressureLevel.WARN: (0.343, 0.60),
        PressureLevel.CRITICAL: (0.0, 0.40),
    }[memory.pressure]
    assert lowest <= pages.pressure_ratio <= highest


@pytest.mark.parametrize("name", MACS)
def test_the_clock_and_the_counters_only_go_forward(name: str, tmp_path: Path) -> None:
    memory = loading.load(name, tmp_path).facts().memory
    assert memory is not None
    assert memory.swapouts_per_second is not None
    assert memory.swapouts_per_second >= 0
    assert math.isclose(memory.sample_seconds or 0, 0.3)
