"""What is compared of each section of facts: a value, its name and its group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Any, NamedTuple

from m1doctor.bench.figures import best_speed, seconds_a_launch
from m1doctor.bench.statistics import median
from m1doctor.model.bench import Bench
from m1doctor.model.comparison import Group, Unit, Value
from m1doctor.model.correctness import Correctness
from m1doctor.model.host import Gpu, Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.memory import Memory
from m1doctor.model.packages import Packages
from m1doctor.model.plugins import Plugins
from m1doctor.model.power import Power
from m1doctor.model.profile import Profile
from m1doctor.model.runtime import ChildOutcome, Runtime


class Measure(NamedTuple):
    """One value of a report."""

    group: Group
    what: str
    value: Value | None
    """`None` where it is unknown."""
    unit: Unit = Unit.WORDS


def _host(host: Host) -> Iterator[Measure]:
    gpu = host.gpu or Gpu()
    for what, value, unit in (
        ("macOS", host.macos_version, Unit.WORDS),
        ("macOS build", host.macos_build, Unit.WORDS),
        ("system", host.distribution or host.system, Unit.WORDS),
        ("chip", host.chip, Unit.WORDS),
        ("model", host.model, Unit.WORDS),
        ("memory", host.memory_bytes, Unit.BYTES),
        ("virtual machine", host.virtual_machine, Unit.WORDS),
        ("emulated Linux", host.emulated_linux, Unit.WORDS),
        ("shell translated by Rosetta", host.parent_translated, Unit.WORDS),
        ("GPU", gpu.name, Unit.WORDS),
        ("GPU cores", gpu.cores, Unit.COUNT),
        ("Metal", gpu.metal_family, Unit.WORDS),
        ("GPU resets", gpu.resets, Unit.COUNT),
        ("Command Line Tools", host.command_line_tools, Unit.WORDS),
    ):
        yield Measure(Group.SYSTEM, what, value, unit)
    for volume in host.volumes or ():
        yield Measure(Group.MEMORY, f"room for {volume.purpose}", volume.free_bytes, Unit.ROOM)


def _power(power: Power) -> Iterator[Measure]:
    yield Measure(Group.SYSTEM, "low power mode", power.low_power_mode)
    yield Measure(Group.SYSTEM, "power source", power.source)
    yield Measure(Group.SYSTEM, "thermal pressure", _word(power.thermal_pressure))


def _memory(memory: Memory) -> Iterator[Measure]:
    for what, value, unit in (
        ("memory pressure", _word(memory.pressure), Unit.WORDS),
        ("available memory", memory.available_bytes, Unit.BYTES),
        ("compressed memory", memory.compressor_bytes, Unit.BYTES),
        ("swap used", memory.swap_used_bytes, Unit.BYTES),
        ("swap size", memory.swap_total_bytes, Unit.BYTES),
        ("swapped in", memory.swapins_per_second, Unit.PER_SECOND),
        ("swapped out", memory.swapouts_per_second, Unit.PER_SECOND),
        ("usable memory", memory.usable_bytes, Unit.BYTES),
        ("limit of wired GPU memory", memory.wired_limit_bytes, Unit.BYTES),
    ):
        yield Measure(Group.MEMORY, what, value, unit)


def _interpreter(interpreter: Interpreter) -> Iterator[Measure]:
    conda = interpreter.conda
    environment = interpreter.virtual_environment
    leaks = interpreter.leaks
    for what, value in (
        ("interpreter", interpreter.executable),
        ("Python", interpreter.version),
        ("Python's architecture", interpreter.machine),
        ("Python translated by Rosetta", interpreter.translated),
        ("Python's maker", _word(interpreter.vendor)),
        ("Python behind the environment", environment.base_executable if environment else None),
        ("conda's platform", conda.subdir if conda else None),
        ("SDK of Python", interpreter.sdk),
        ("in front of the environment's packages", None if leaks is None else _listed(leak.folder for leak in leaks)),
    ):
        yield Measure(Group.SYSTEM, what, value)


def _packages(packages: Packages) -> Iterator[Measure]:
    versions: dict[str, list[str]] = {}
    for found in packages.distributions:
        origin = found.direct_origin.value if found.direct_origin is not None else found.installer
        versions.setdefault(found.normalized_name, []).append(
            f"{found.version} ({origin})" if origin else found.version
        )
    for name, every in versions.items():
        yield Measure(Group.PACKAGES, name, "; ".join(every))
    for each in packages.conda_packages:
        if each.name not in versions:
            yield Measure(Group.PACKAGES, f"{each.name} (conda)", f"{each.version} {each.build}")
    for name, count in packages.damaged_counts.items():
        yield Measure(Group.PACKAGES, f"damaged files of {name}", count, Unit.COUNT)
    for broken in packages.broken_metadata:
        yield Measure(Group.PACKAGES, f"broken {broken.metadata_path}", broken.reason)


def _plugins(plugins: Plugins) -> Iterator[Measure]:
    for plugin in plugins.libraries:
        name = PurePath(plugin.path).name
        told = _listed(plugin.distributions) or f"{plugin.provider.value} {plugin.version or ''}".strip()
        yield Measure(Group.PACKAGES, f"plugin {name}", told)
        if plugin.version is None:  # a known release is told by its content
            yield Measure(Group.PACKAGES, f"content of {name}", plugin.sha256 and plugin.sha256[:12])
        yield Measure(Group.PACKAGES, f"link of {name}", _word(plugin.link and plugin.link.status))


def _runtime(runtime: Runtime) -> Iterator[Measure]:
    devices, visible = runtime.devices, runtime.visible_devices
    for what, value in (
        ("import of TensorFlow", _ended(runtime.outcome)),
        ("devices", None if devices is None else _listed(device.name for device in devices)),
        ("devices that may be used", None if visible is None else _listed(visible)),
        ("the product ran on", runtime.matmul_device),
        ("what hides the GPU", _listed(f"{cause.what} ({cause.source})" for cause in runtime.hidden_by)),
        ("TensorFlow from", runtime.tensorflow_file),
    ):
        yield Measure(Group.RUN, what, value)
    yield Measure(Group.SPEEDS, "import of TensorFlow", runtime.import_seconds, Unit.SECONDS)


def _correctness(answers: Correctness) -> Iterator[Measure]:
    for comparison in answers.comparisons:
        right = "right" if comparison.right else "wrong"
        yield Measure(Group.RUN, f"{comparison.words} ({comparison.dtype})", f"{right}, on {comparison.place}")
    if answers.pipeline is not None:
        pipe = answers.pipeline
        yield Measure(Group.RUN, "answer of tf.data", "right" if pipe.right else "wrong")
        yield Measure(Group.SPEEDS, f"{pipe.elements} elements through tf.data", pipe.seconds, Unit.SECONDS)


def _bench(bench: Bench) -> Iterator[Measure]:
    for run in bench.matmul.runs if bench.matmul is not None else ():
        if run.seconds:
            name = f"{run.dtype} product of {run.size} x {run.size}"
            yield Measure(Group.SPEEDS, name, best_speed(run) / 1e9, Unit.GFLOPS)
    if bench.launch is not None:
        yield Measure(Group.SPEEDS, "a small operation", seconds_a_launch(bench.launch), Unit.SECONDS)
    for step in bench.sweep.runs if bench.sweep is not None else ():
        if step.seconds:
            yield Measure(Group.SPEEDS, f"a training step of {step.batch}", median(step.seconds), Unit.SECONDS)
    if bench.input is not None:
        for pipe in bench.input.runs:
            if pipe.seconds:
                seconds = median(pipe.seconds) / bench.input.steps
                yield Measure(Group.SPEEDS, f"a step behind the {pipe.pipeline} pipeline", seconds, Unit.SECONDS)
    if bench.load is not None:
        yield Measure(Group.MEMORY, "pages swapped meanwhile", bench.load.swapped_pages(), Unit.COUNT)


def _profile(profile: Profile) -> Iterator[Measure]:
    inside = profile.inside
    share = None if inside is None or inside.wait_share is None else inside.wait_share * 100
    for what, value, unit in (
        ("time of a training step", inside.steps.median_seconds if inside else None, Unit.SECONDS),
        ("waiting for input", share, Unit.PERCENT),
        ("the GPU had work", None if profile.gpu_share is None else profile.gpu_share * 100, Unit.PERCENT),
        ("processor cores in use", profile.cpu_cores, Unit.COUNT),
        ("the script took", profile.seconds, Unit.SECONDS),
    ):
        yield Measure(Group.SPEEDS, what, value, unit)
    largest = max((sample.resident_bytes or 0 for sample in profile.samples), default=0)
    yield Measure(Group.MEMORY, "the script's memory, at most", largest or None, Unit.BYTES)


SECTIONS: dict[str, tuple[Group, Callable[[Any], Iterator[Measure]]]] = {
    "packages": (Group.PACKAGES, _packages),
    "plugins": (Group.PACKAGES, _plugins),
    "host": (Group.SYSTEM, _host),
    "interpreter": (Group.SYSTEM, _interpreter),
    "power": (Group.SYSTEM, _power),
    "runtime": (Group.RUN, _runtime),
    "memory": (Group.MEMORY, _memory),
    "correctness": (Group.RUN, _correctness),
    "bench": (Group.SPEEDS, _bench),
    "profile": (Group.SPEEDS, _profile),
}
"""For each section of the facts the group that its failures come with, and what is compared of it."""


def _ended(outcome: ChildOutcome) -> str:
    how = outcome.signal or outcome.exception_type
    return f"{outcome.end.value} ({how})" if how else outcome.end.value


def _word(value: Any) -> str | None:
    return None if value is None else str(value.value)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
