"""Memory pressure and swap: the kernel's own level first, and no rate without two samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.darwin.memory import LEVEL, SYSCTL, VM_STAT
from m1doctor.collect.memory import collect_memory
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.memory import Memory, PressureLevel
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import UnknownKind
from machines import formats, loading
from machines.build import GIB, sample

MAC = Uname("Darwin", "24.5.0", "RELEASE_ARM64_T6000", "arm64")


def memory_of(name: str, root: Path, sample_seconds: float = 0.5) -> Memory:
    return collect_memory(loading.load(name, root).world, sample_seconds)


def mac(values: dict[str, object], *samples: str) -> RecordedWorld:
    readings = [formats.sysctl(SYSCTL, values), *(formats.answer(VM_STAT, text) for text in samples)]
    return RecordedWorld(uname=MAC, root=Path("/nonexistent"), readings=readings)


def test_a_mac_that_swaps_is_read_whole(tmp_path: Path) -> None:
    memory = memory_of("swapping-8gb-warn", tmp_path)
    assert (memory.pressure, memory.pressure_source) == (PressureLevel.WARN, LEVEL)
    assert memory.total_bytes == 8 * GIB
    assert memory.usable_bytes is not None
    assert memory.usable_bytes < memory.total_bytes
    assert memory.swap_used_bytes == round(4410.25 * 2**20)
    assert memory.swapouts_per_second == pytest.approx((994000 - 990000) / 0.5)
    assert memory.swapins_per_second == pytest.approx((701200 - 700000) / 0.5)
    assert memory.sample_seconds == pytest.approx(0.5)
    assert memory.unknown["wired_limit_bytes"].kind is UnknownKind.NOT_APPLICABLE


def test_one_sample_gives_no_rate_and_says_that_it_was_not_asked_for(tmp_path: Path) -> None:
    memory = memory_of("swapping-8gb-warn", tmp_path, 0.0)
    assert memory.pages is not None
    for name in ("swapins_per_second", "swapouts_per_second", "sample_seconds"):
        assert getattr(memory, name) is None
        assert memory.unknown[name].kind is UnknownKind.NOT_ASKED


@pytest.mark.parametrize(("number", "level"), [(1, "normal"), (2, "warn"), (4, "critical")])
def test_the_kernels_level_is_preferred_to_any_arithmetic(number: int, level: str) -> None:
    idle = formats.vm_stat(sample(8, compressor=0.0))
    assert collect_memory(mac({LEVEL: number}, idle), 0).pressure == level


@pytest.mark.parametrize("number", [0, 3, 5, -1, "x"])
def test_a_level_that_does_not_exist_is_not_believed(number: object) -> None:
    between = formats.vm_stat(sample(8, free=0.01, active=0.2, inactive=0.19, speculative=0.0, compressor=0.33))
    memory = collect_memory(mac({LEVEL: number, "hw.memsize": 8 * GIB}, between), 0)
    assert memory.pressure is None
    assert memory.unknown["pressure"].kind is UnknownKind.UNAVAILABLE
    assert f"is {number}, which is no level" in memory.unknown["pressure"].reason


def test_counters_that_are_all_zero_are_no_critical_level() -> None:
    nothing = formats.vm_stat(
        formats.Pages(free=0, active=0, inactive=0, speculative=0, wired=0, compressor=0, file_backed=0)
    )
    assert collect_memory(mac({"hw.memsize": 8 * GIB}, nothing), 0).pressure is None


@pytest.mark.parametrize(
    ("compressor", "level"),
    [(0.02, "normal"), (0.33, None), (0.46, "warn"), (0.68, None), (0.80, "critical")],
)
def test_where_the_level_is_hidden_the_formula_stands_in_unless_the_history_decides(
    compressor: float, level: str | None
) -> None:
    shares = {"free": 0.01, "active": 0.2, "inactive": 0.19, "speculative": 0.0, "compressor": compressor}
    memory = collect_memory(mac({"hw.memsize": 8 * GIB}, formats.vm_stat(sample(8, **shares))), 0)
    assert memory.pressure == level
    assert (memory.pressure_source is None) == (level is None)
    if level is not None:
        assert "available / (available + compressor)" in (memory.pressure_source or "")


def test_a_machine_of_3_gib_has_other_lines_and_so_no_derived_level() -> None:
    text = formats.vm_stat(sample(3, compressor=0.8, active=0.05, inactive=0.05))
    assert collect_memory(mac({"hw.memsize": 3 * GIB}, text), 0).pressure is None


@pytest.mark.parametrize(
    ("values", "limit", "kind"),
    [
        ({"iogpu.wired_limit_mb": 14000}, 14000 * 2**20, None),
        ({"iogpu.wired_limit_mb": 0}, None, UnknownKind.NOT_APPLICABLE),
        ({}, None, UnknownKind.NOT_APPLICABLE),
        ({"debug.iogpu.wired_limit": 0}, None, UnknownKind.NOT_APPLICABLE),
        ({"debug.iogpu.wired_limit": 14000}, None, UnknownKind.UNAVAILABLE),
        ({"iogpu.wired_limit_mb": -5}, None, UnknownKind.NOT_APPLICABLE),
    ],
)
def test_a_limit_of_zero_is_the_systems_own_and_never_no_memory(
    values: dict[str, object], limit: int | None, kind: UnknownKind | None
) -> None:
    memory = collect_memory(mac(values, formats.vm_stat(sample(16))), 0)
    assert memory.wired_limit_bytes == limit
    assert (memory.unknown["wired_limit_bytes"].kind if limit is None else None) is kind


def test_counters_that_went_back_give_no_rate() -> None:
    first, second = sample(8, swapins=100, swapouts=100), sample(8, swapins=50, swapouts=200)
    memory = collect_memory(mac({LEVEL: 1}, formats.vm_stat(first), formats.vm_stat(second)), 0.25)
    assert memory.swapins_per_second is None
    assert memory.unknown["swapins_per_second"].kind is UnknownKind.UNAVAILABLE
    assert memory.swapouts_per_second == pytest.approx(400.0)


def test_a_sample_that_was_cut_gives_no_rate_and_no_zero() -> None:
    whole = formats.vm_stat(sample(8))
    memory = collect_memory(mac({LEVEL: 1}, whole, whole[: whole.index("Swapins")]), 0.25)
    assert memory.pages is not None
    assert (memory.swapins_per_second, memory.swapouts_per_second) == (None, None)


def test_commands_that_fail_leave_reasons() -> None:
    world = RecordedWorld(uname=MAC, root=Path("/nonexistent"), commands_fail=True)
    memory = collect_memory(world, 0.2)
    for name in ("pressure", "pages", "total_bytes", "swap_used_bytes", "swapouts_per_second", "wired_limit_bytes"):
        assert getattr(memory, name) is None
        assert memory.unknown[name].kind is UnknownKind.UNAVAILABLE


@pytest.mark.parametrize(
    ("name", "ratio"),
    [
        ("vm_stat.m4-16gb.macos26.5.1.smallcache.txt", 0.879),
        ("vm_stat.m4-16gb.macos27.fragment.txt", 0.600),
        ("vm_stat.m1pro-32gb.macos14.4.1.txt", 0.776),
    ],
)
def test_a_real_sample_gives_the_ratio_that_the_kernel_judges_by(name: str, ratio: float) -> None:
    memory = collect_memory(mac({LEVEL: 1}, captures.text(name)), 0)
    assert memory.pages is not None
    assert memory.pages.pressure_ratio == pytest.approx(ratio, abs=0.001)


def test_a_real_machine_at_level_2_is_read() -> None:
    text = captures.text("sysctl+memory_pressure.24gb.macos26.5.level2.txt")
    world = RecordedWorld(
        uname=MAC,
        root=Path("/nonexistent"),
        readings=[Reading(argv=SYSCTL, returncode=1, stdout=text)],
        commands_fail=True,
    )
    memory = collect_memory(world, 0)
    assert memory.pressure is PressureLevel.WARN
    assert memory.swap_used_bytes == round(12906.12 * 2**20)


@given(st.text(max_size=300), st.sampled_from([0.0, 0.2]))
def test_any_answers_give_a_section(text: str, seconds: float) -> None:
    readings = [Reading(argv=argv, returncode=0, stdout=text) for argv in (SYSCTL, VM_STAT)]
    memory = collect_memory(RecordedWorld(uname=MAC, root=Path("/nonexistent"), readings=readings), seconds)
    for name in Memory.__dataclass_fields__:
        assert name == "unknown" or (getattr(memory, name) is None) == (name in memory.unknown)
