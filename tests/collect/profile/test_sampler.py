"""Samples of a process from outside: what is told is what came since the look before."""

from __future__ import annotations

from collect.parse import test_gpu_clients as clients
from collect.test_look import mac
from m1doctor.collect.profile.sampler import Sampler
from m1doctor.collect.profile.tree import PS
from m1doctor.model.memory import PressureLevel
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown

SECOND = 1_000_000_000
"""Nanoseconds."""


def used(*nanoseconds: int) -> list[str]:
    """IO registries in which process 42 has had so much of the GPU."""
    return [clients.ACCELERATOR + clients.client(42, "python3.12", number) for number in nanoseconds]


def processes(*lines: str) -> list[Reading]:
    """Answers of `ps`, one after the other."""
    return [Reading(argv=PS, returncode=0, stdout=f"{line}\n") for line in lines]


HALF_A_CORE = processes("42 1 2048 0:01.00", "42 1 2048 0:01.50", "42 1 2048 0:02.00")


def test_work_of_the_gpu_from_before_the_watch_is_not_counted() -> None:
    world = mac(*used(500 * SECOND, 500 * SECOND + SECOND // 4, 501 * SECOND), more=HALF_A_CORE)
    sampler = Sampler(world, 42)
    world.sleep(1.0)
    first = sampler.sample(None)
    world.sleep(1.0)
    second = sampler.sample(7)
    assert first is not None
    assert second is not None
    assert (first.gpu_share, second.gpu_share) == (0.25, 0.75)
    assert sampler.gpu_seconds == 1.0
    assert (first.cpu_cores, second.steps, second.resident_bytes) == (0.5, 7, 2048 * 1024)
    assert (first.pressure, first.swapped_pages) == (PressureLevel.WARN, 0)


def test_a_registry_without_counters_leaves_the_share_unknown_with_its_reason() -> None:
    world = mac("+-o AppleParavirtGPU  <class AppleParavirtGPU>\n", more=HALF_A_CORE)
    sampler = Sampler(world, 42)
    world.sleep(1.0)
    sample = sampler.sample(None)
    assert sample is not None
    assert sample.gpu_share is None
    assert isinstance(sampler.unknown["gpu_seconds"], Unknown)


def test_a_process_that_is_gone_gives_no_sample() -> None:
    world = mac(*used(0), more=processes("42 1 2048 0:01.00", "1 0 10 0:00.01"))
    sampler = Sampler(world, 42)
    world.sleep(1.0)
    assert sampler.sample(None) is None
