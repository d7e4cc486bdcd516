"""The GPU, from the IO registry and, where it was asked, from system_profiler."""

from __future__ import annotations

import plistlib

from m1doctor.collect.darwin.gpu import IOREG, SYSTEM_PROFILER, describe_gpu
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import UnknownKind

NODE = {"IOObjectClass": "AGXAcceleratorG13X", "gpu-core-count": 16, "PerformanceStatistics": {"recoveryCount": 3}}
DISPLAYS = (
    '{"SPDisplaysDataType": [{"sppci_model": "Apple M1 Pro", "sppci_cores": "16", '
    '"spdisplays_mtlgpufamilysupport": "spdisplays_metal3"}]}'
)


def ioreg(*nodes: dict[str, object]) -> Reading:
    return Reading(argv=IOREG, returncode=0, stdout=plistlib.dumps(list(nodes)).decode())


def test_system_profiler_gives_the_name_that_the_driver_does_not() -> None:
    profiler = Reading(argv=SYSTEM_PROFILER, returncode=0, stdout=DISPLAYS)
    gpu = describe_gpu(ioreg(NODE), profiler)
    assert (gpu.name, gpu.cores, gpu.metal_family, gpu.resets) == ("Apple M1 Pro", 16, "Metal 3", 3)
    assert gpu.unknown == {}


def test_without_it_the_generation_gives_the_family() -> None:
    gpu = describe_gpu(ioreg(NODE), None)
    assert gpu.name == "Apple M1 family"
    assert gpu.unknown["metal_family"].kind is UnknownKind.NOT_ASKED


def test_a_compatibility_node_does_not_stand_for_the_gpu() -> None:
    gpu = describe_gpu(ioreg({"IOObjectClass": "IOFramebufferCompat"}, {**NODE, "model": "Apple M1 Pro"}), None)
    assert gpu.accelerator_class == "AGXAcceleratorG13X"


def test_a_slow_system_profiler_costs_the_family_and_nothing_else() -> None:
    slow = Reading(argv=SYSTEM_PROFILER, signal=9, timed_out=True, seconds=10.0)
    gpu = describe_gpu(ioreg(NODE), slow)
    assert gpu.cores == 16
    assert gpu.unknown["metal_family"].reason == "system_profiler gave no answer in 10.0 s"


def test_an_answer_that_cannot_be_read_leaves_reasons() -> None:
    gpu = describe_gpu(Reading(argv=IOREG, returncode=0, stdout="<?xml version='1.0'?><plist>"), None)
    assert gpu.name is None
    assert gpu.unknown["name"].reason == "ioreg printed no description of a GPU"
