"""Benchmarks made by hand, for checks that judge them: a healthy M1 Pro, and what is changed of it."""

from __future__ import annotations

from dataclasses import replace

from m1doctor.model.bench import BatchRun, Bench, Input, Launch, Matmul, PipelineRun, PipelineStage, ProductRun, Sweep
from m1doctor.model.earlier import Earlier, EarlierRun
from m1doctor.model.facts import Facts
from m1doctor.model.host import Gpu, Host
from m1doctor.model.load import Load, LoadSample
from m1doctor.model.memory import PressureLevel
from m1doctor.model.power import Power, ThermalPressure
from runs import mac, runtime

M1_PRO = Host(system="Darwin", apple_silicon=True, chip="Apple M1 Pro", virtual_machine=False, gpu=Gpu(cores=16))
PEAK = 16 * 128 * 2 * 1.296e9
STEADY = (1.00, 1.01, 1.00, 1.02, 1.00, 1.01, 1.00)
"""Samples of a quiet machine, as multiples of their best."""


def times(seconds: float, *, noise: tuple[float, ...] = STEADY) -> tuple[float, ...]:
    """Samples around `seconds`."""
    return tuple(seconds * factor for factor in noise)


def matmul(
    share: float = 0.7, *, device: str = "GPU:0", noise: tuple[float, ...] = STEADY, exhausted: str | None = None
) -> Matmul:
    """Products that reach `share` of the peak of `M1_PRO`."""
    chain = 4 * 2 * 2048**3 / (share * PEAK)
    run = ProductRun(dtype="float32", size=2048, products=4, seconds=times(chain, noise=noise))
    return Matmul(device=device, runs=(run,), exhausted=exhausted)


def launch(seconds: float = 30e-6, *, device: str = "GPU:0", eager: float = 2.0) -> Launch:
    """Small ops of that price."""
    return Launch(device=device, ops=60, eager_seconds=times(60 * seconds * eager), graph_seconds=times(60 * seconds))


def sweep(
    fixed: float = 0.1, *, device: str = "GPU:0", beyond: float = 1.0, noise: tuple[float, ...] = STEADY
) -> Sweep:
    """Steps of which the share `fixed` does not grow; `beyond` lengthens the largest."""
    runs = tuple(
        BatchRun(
            batch=64 * factor,
            seconds=times(0.01 * (fixed + (1 - fixed) * factor) * (beyond if factor == 4 else 1.0), noise=noise),
        )
        for factor in (1, 2, 4)
    )
    return Sweep(device=device, width=1024, layers=4, runs=runs)


def fed(waiting: float = 0.02, *, device: str = "GPU:0", slower: float = 1.05) -> Input:
    """Steps that wait that share of their time behind the good pipeline, and take `slower` times as long with it."""
    good = times(0.045 * slower)
    return Input(
        device=device,
        batch=8,
        steps=3,
        runs=(
            PipelineRun(pipeline="synthetic", seconds=times(0.045), waited_seconds=times(1e-5)),
            PipelineRun(pipeline="good", seconds=good, waited_seconds=tuple(waiting * each for each in good)),
            PipelineRun(pipeline="naive", seconds=times(0.12), waited_seconds=times(0.075)),
        ),
        stages=(
            PipelineStage(name="MapAndBatch", elements=44, busy_seconds=0.9),
            PipelineStage(name="Prefetch", elements=42, busy_seconds=0.1),
        ),
    )


def load(*, swapped: int = 0, thermal: ThermalPressure = ThermalPressure.NOMINAL, gpu: float = 0.9) -> Load:
    """Eleven samples in five seconds."""
    return Load(
        samples=tuple(
            LoadSample(
                seconds=3 + number / 2,
                part="matmul",
                gpu_nanoseconds=int(gpu * 0.5e9 * number),
                gpu_busy_percent=95,
                pressure=PressureLevel.NORMAL,
                swapins=1000,
                swapouts=5000 + swapped * number // 10,
                thermal_pressure=thermal,
            )
            for number in range(11)
        ),
        gpu_clock_hz=1.296e9,
    )


def bench(**parts: object) -> Bench:
    """A benchmark; without more it is that of a healthy Mac."""
    return Bench(**({"matmul": matmul(), "launch": launch(), "sweep": sweep(), "input": fed(), "load": load()} | parts))


def measured(**parts: object) -> Facts:
    """A Mac with its benchmark; the sections `host`, `power` and `earlier` may be given, too."""
    sections = {name: parts.pop(name) for name in ("host", "power", "earlier", "runtime") if name in parts}
    usual = {"host": M1_PRO, "power": Power(low_power_mode=False), "bench": bench(**parts)}
    return mac(sections.pop("runtime", runtime()), **(usual | sections))


def on_cpu_bench() -> Bench:
    """What a TensorFlow without a GPU measures."""
    parts = {"matmul": matmul(0.01), "launch": launch(), "sweep": sweep(0.9), "input": fed(0.6)}
    moved = {name: type(part)(**{**_fields(part), "device": "CPU:0"}) for name, part in parts.items()}
    samples = tuple(
        replace(sample, gpu_nanoseconds=None, gpu_busy_percent=None, thermal_pressure=None) for sample in load().samples
    )
    return Bench(**moved, load=Load(samples=samples))


def on_cpu() -> Facts:
    """A machine whose TensorFlow has no GPU."""
    return Facts(bench=on_cpu_bench(), host=Host(system="Linux", apple_silicon=False), runtime=runtime())


def earlier(speed: float = 0.7 * PEAK, *, device: str = "GPU:0", source: str = "history") -> Earlier:
    """Three earlier runs that reached `speed`."""
    return Earlier(
        source=source,
        runs=tuple(
            EarlierRun(
                created=f"2026-11-{day}T12:00:00Z",
                tensorflow="2.18.1",
                device=device,
                speeds={"float32 products (FLOP/s)": speed},
            )
            for day in (25, 24, 23)
        ),
    )


def _fields(part: object) -> dict[str, object]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}  # type: ignore[attr-defined] # a record
