"""TF004 no-gpu-visible: TensorFlow runs, and lists no GPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import applies_to_gpus
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.plugins import Provider
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import Runtime

_LOG_LINES = 6


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a TensorFlow that lists devices, but no GPU among them."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    runtime = facts.runtime
    if runtime.gpus:
        return
    tensorflow = runtime.versions.get("tensorflow")
    name = f"TensorFlow {tensorflow}" if tensorflow else "TensorFlow"
    libraries = facts.plugins.libraries if facts.plugins else ()
    loaded = ", ".join(library.path.rpartition("/")[2] for library in libraries)
    message = (
        f"{name} loads {loaded}, which offers no device: TensorFlow lists no GPU and works on the CPU."
        if loaded
        else f"{name} lists no GPU, and no plugin offers one: it works on the CPU."
    )
    yield Finding(
        level=Level.ERROR,
        message=message,
        expected="/physical_device:GPU:0 in tf.config.list_physical_devices()",
        evidence=(
            "tf.config.list_physical_devices(): " + ", ".join(device.name for device in runtime.devices or ()),
            *_plugin_lines(runtime),
        ),
        remedy=_remedy(facts),
    )


def _plugin_lines(runtime: Runtime) -> tuple[str, ...]:
    """What the plugin itself logged."""
    return tuple(line for line in runtime.log_lines if "metal" in line.lower() or "pluggable" in line.lower())[
        :_LOG_LINES
    ]


def _remedy(facts: Facts) -> Remedy:
    steps = []
    libraries = facts.plugins.libraries if facts.plugins else ()
    if any(library.provider is Provider.COMMUNITY for library in libraries):
        steps.append(
            manual(
                "The community plugin offers no device beside a TensorFlow it was not built for: build it again "
                "against this one."
            )
        )
    if facts.host is not None and facts.host.virtual_machine:
        steps.append(manual("In a virtual machine the GPU may be out of reach: try on the Mac itself."))
    steps.append(manual("Look at the lines of the plugin on standard error: a plugin that offers no device says why."))
    steps.append(manual("Try in a plain terminal: a sandbox or a container may keep a process from the GPU."))
    return Remedy(summary="Find why the plugin offers no device.", steps=tuple(steps))


CHECK = Check(
    id="TF004",
    slug="no-gpu-visible",
    level=Level.ERROR,
    stage=Stage.DEVICE,
    needs=("runtime.devices",),
    after=("TF001", "TF002", "TF003", "TF005", "PKG002", "PKG010", "PKG013"),
    applies=applies_to_gpus,
    judge=judge,
    passes=lambda facts: (
        f"TensorFlow lists {', '.join(gpu.name for gpu in facts.runtime.gpus)}." if facts.runtime else ""
    ),
    decisive=True,
    page=Page(
        what=(
            "TensorFlow was imported and asked for its devices, and there is no GPU among them, although this is Apple "
            "silicon or a GPU plugin is installed."
        ),
        why="All work runs on the CPU, without a word: `with tf.device('/GPU:0')` succeeds and computes on the CPU.",
        see="Run `python -c \"import tensorflow as tf; print(tf.config.list_physical_devices('GPU'))\"`: it prints [].",
        fix=(
            "A plugin that loads and offers no device says why on standard error: set TF_CPP_MIN_LOG_LEVEL=0 and read "
            "its lines. Known reasons: a plugin built for another TensorFlow, a virtual machine without Metal, a "
            "process that may not reach the GPU."
        ),
        sources=(
            Source(
                "PluggableDeviceFactory::ListPhysicalDevices: the plugin's own count decides",
                "https://github.com/tensorflow/tensorflow/blob/v2.18.1/tensorflow/core/common_runtime/"
                "pluggable_device/pluggable_device_factory.cc",
                "2026-11-23",
            ),
            Source(
                "TensorFlow: tf.config.list_physical_devices",
                "https://www.tensorflow.org/api_docs/python/tf/config/list_physical_devices",
            ),
        ),
    ),
)
