"""GPU time of processes, from recorded registries."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.darwin.gpu_time import IOREG, gpu_seconds
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown

DARWIN = Uname("Darwin", "24.0.0", "Darwin Kernel Version 24.0.0: RELEASE_ARM64_T6000", "arm64")
CLIENT = (
    "+-o AGXAcceleratorG13X  <class AGXAcceleratorG13X>\n"
    "  +-o AGXDeviceUserClient  <class AGXDeviceUserClient>\n"
    '      "AppUsage" = ({"API"="Metal","accumulatedGPUTime"=2500000000})\n'
    '      "IOUserClientCreator" = "pid 42, python3.12"\n'
)


def world(stdout: str) -> RecordedWorld:
    return RecordedWorld(uname=DARWIN, root=Path("/"), readings=[Reading(argv=IOREG, returncode=0, stdout=stdout)])


def test_nanoseconds_become_seconds_of_the_processes_asked_for() -> None:
    assert gpu_seconds(world(CLIENT), {42, 43}) == 2.5


def test_a_process_without_a_client_has_used_none_where_others_are_counted() -> None:
    assert gpu_seconds(world(CLIENT), {43}) == 0.0


def test_a_registry_without_counters_is_unknown() -> None:
    assert isinstance(gpu_seconds(world("+-o AppleParavirtGPU  <class AppleParavirtGPU>\n"), {42}), Unknown)
