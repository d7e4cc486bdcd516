"""Watched scripts made by hand, for what judges and tells them."""

from __future__ import annotations

from typing import Any

from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.profile import Inside, Profile, Sample, Steps, TrainedModel, Watch

GPU = "/physical_device:GPU:0"


def inside(**more: Any) -> Inside:
    """A healthy run of `fit` on a GPU: 200 steps of 50 ms, 1 % of the time waiting."""
    usual: dict[str, Any] = {
        "complete": True,
        "versions": {"tensorflow": "2.18.1", "keras": "3.8.0"},
        "fit": Steps(count=200, median_seconds=0.05, periods=(0.05, 0.06, 0.05)),
        "training_seconds": 10.0,
        "wait_seconds": 0.1,
        "requests": 200,
        "examples": 200 * 128,
        "model": TrainedModel(class_name="Sequential", device="/job:localhost/replica:0/task:0/device:GPU:0"),
        "gpus": (GPU,),
        "visible_gpus": (GPU,),
        "graph_operations": 300,
        "heavy_devices": {"": 12},
    }
    return Inside(**(usual | more))


def profile(within: Inside | None = None, **more: Any) -> Profile:
    """A run of half a minute, on a Mac where nothing else is said."""
    samples = tuple(
        Sample(seconds=float(second), cpu_cores=1.0, resident_bytes=10**9, gpu_share=0.7, swapped_pages=0, steps=second)
        for second in range(1, 31)
    )
    usual: dict[str, Any] = {
        "command": ("train.py",),
        "watch": Watch.OUTSIDE if within is None else Watch.INSIDE,
        "seconds": 30.0,
        "cores": 8,
        "returncode": 0,
        "cpu_seconds": 30.0,
        "gpu_seconds": 21.0,
        "samples": samples,
        "inside": within,
    }
    return Profile(**(usual | more))


def facts(watched: Profile) -> Facts:
    """On Apple silicon."""
    return Facts(profile=watched, host=Host(system="Darwin", apple_silicon=True))
