"""The orchestrator: runs every collector, side by side where they can, and puts their sections together as `Facts`.

    host ──┬── interpreter ── packages ── plugins ──┐
    power ─┤                                        ├── runtime and work (the child of the target)
    memory ┘ ───────────────────────────────────────┘

The memory section is complete before the child starts: TensorFlow's own appetite is not the machine's state.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from m1doctor.collect.beside import Beside
from m1doctor.collect.progress import Progress, Silence
from m1doctor.collect.world import World
from m1doctor.knowledge.parts import SECTIONS, Part
from m1doctor.knowledge.parts import parts as work_parts
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.memory import Memory
from m1doctor.model.packages import Packages
from m1doctor.model.plugins import Plugins
from m1doctor.model.record import record
from m1doctor.model.report import Target, TargetKind
from m1doctor.model.runtime import Runtime
from m1doctor.model.unknown import Unknown, UnknownKind, not_asked

T = TypeVar("T")

DEFAULT_LIMIT_SECONDS = 120.0
"""Time limit of a child of the target. A first import on a cold disk, with signatures to verify, can take a minute."""
MEMORY_SAMPLE_SECONDS = 0.5
"""Time between the two samples of the swap counters: 100 pages at the line from which traffic is told."""


@record(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far an examination goes."""

    quick: bool = False
    """Files and host only: no process of the target is started."""
    bench: bool = True
    """The parts of the work, too."""
    parts: tuple[Part, ...] = ()
    """Which parts, and how; empty for all of them as a diagnosis runs them."""
    deep: bool = False
    """Compare the hash of every installed file, not only its size."""
    limit_seconds: float = DEFAULT_LIMIT_SECONDS


def examine(world: World, target: Target, depth: Depth, progress: Progress | None = None) -> Facts:
    """Collect all that can be known about `target`, as far as `depth` goes.

    A collector that fails with an exception of its own costs its section, which becomes unknown as `CRASHED`, and never
    the others.
    """
    parts = _Parts(world, Silence() if progress is None else progress)
    if target.kind is TargetKind.FOLDER:
        return _examine_folder(world, target, depth, parts)
    return _examine_machine(world, target, depth, parts)


def _examine_folder(world: World, target: Target, depth: Depth, parts: _Parts) -> Facts:
    for name in ("host", "power", "memory", "runtime", *SECTIONS):
        parts.unknown[name] = not_asked("a folder was examined, not a machine")
    _read_files(world, target, depth, parts, None)
    return parts.facts()


def _examine_machine(world: World, target: Target, depth: Depth, parts: _Parts) -> Facts:
    beside = [
        Beside(lambda: parts.run("power", lambda: _power(world))),
        Beside(lambda: parts.run("memory", lambda: _memory(world, depth))),
    ]
    host = parts.run("host", lambda: _host(world, target, depth))
    interpreter, plugins = _read_files(world, target, depth, parts, host)
    for part in beside:
        part.join()
    _run_target(world, depth, parts, interpreter, plugins, chip=host.chip if host is not None else None)
    return parts.facts()


def _read_files(
    world: World, target: Target, depth: Depth, parts: _Parts, host: Host | None
) -> tuple[Interpreter | None, Plugins | None]:
    """Interpreter, packages, plugins: each needs the one before."""
    interpreter = parts.run("interpreter", lambda: _interpreter(world, target, host))
    packages = plugins = None
    if interpreter is None:
        parts.give_up(("packages", "plugins"), "interpreter")
    else:
        packages = parts.run("packages", lambda: _packages(world, interpreter, depth))
    if packages is None:
        parts.give_up(("plugins",), "packages")
    elif interpreter is not None:
        plugins = parts.run("plugins", lambda: _plugins(world, interpreter, packages))
    return interpreter, plugins


def _run_target(
    world: World,
    depth: Depth,
    parts: _Parts,
    interpreter: Interpreter | None,
    plugins: Plugins | None,
    *,
    chip: str | None,
) -> None:
    if depth.quick:
        parts.unknown |= dict.fromkeys(("runtime", *SECTIONS), not_asked("--quick starts no process of the target"))
        return
    if not depth.bench:
        parts.unknown |= dict.fromkeys(SECTIONS, not_asked("--no-bench leaves the smoke run out"))
    asked = {part.section for part in depth.parts or work_parts()}
    left_out = [name for name in SECTIONS if name not in asked]
    parts.unknown |= dict.fromkeys(left_out, not_asked("only other parts of the work were asked for"))
    if interpreter is None:
        parts.give_up(("runtime", *SECTIONS), "interpreter")
        return
    refusal = too_little_memory(parts.sections.get("memory")) if depth.bench else None
    if refusal is not None:
        parts.unknown |= dict.fromkeys(SECTIONS, refusal)

    def collect() -> tuple[Runtime, dict[str, Any]]:
        from m1doctor.collect.runtime import run_target  # noqa: PLC0415 - a quick examination runs nothing
        from m1doctor.knowledge.rounding import for_chip  # noqa: PLC0415 - likewise

        return run_target(
            world,
            interpreter,
            plugins,
            parts=for_chip(depth.parts or work_parts(), chip) if depth.bench and refusal is None else (),
            limit_seconds=depth.limit_seconds,
            tell=lambda words: parts.progress.told("runtime", words),
        )

    both = parts.run("runtime", collect)
    if both is None:
        parts.give_up(SECTIONS, "runtime")
        return
    parts.sections["runtime"], work = both
    parts.sections["interpreter"] = _told_by_itself(interpreter, parts.sections["runtime"])
    parts.sections |= work


def too_little_memory(memory: Memory | None) -> Unknown | None:
    """Why no work is given to the target: a measurement that makes the machine swap would measure that."""
    available = memory.available_bytes if memory is not None else None
    line = threshold("free-bytes-benchmark")
    if available is None or available >= line:
        return None
    return Unknown(f"{available / 2**30:.1f} GB of memory are available, and the benchmark needs {line / 2**30:.0f} GB")


class _Parts:
    """The sections collected so far, the reasons for those that are not, and the seconds each took."""

    def __init__(self, world: World, progress: Progress) -> None:
        self.progress = progress
        self.sections: dict[str, Any] = {}
        self.unknown: dict[str, Unknown] = {}
        self._timings: dict[str, float] = {}
        self._clock = world.clock
        self._start = world.clock()

    def run(self, name: str, collect: Callable[[], T]) -> T | None:
        """Collect one section; `None`, with the reason noted, where its collector failed."""
        start = self._clock()
        self.progress.started(name)
        try:
            section = collect()
        except Exception as error:  # noqa: BLE001 - a broken collector is a fact, never the end of the report
            self.unknown[name] = Unknown(_crash(name, error), UnknownKind.CRASHED)
            return None
        else:
            self.sections[name] = section
            return section
        finally:
            self._timings[name] = round(self._clock() - start, 6)
            self.progress.finished(name)

    def give_up(self, names: tuple[str, ...], cause: str) -> None:
        """Note that sections cannot be had because another is missing."""
        for name in names:
            self.unknown.setdefault(name, Unknown(f"it builds on the section {cause}, which could not be had"))

    def facts(self) -> Facts:
        """All of it, in the order of the sections whatever the order of the threads."""
        names = [name for name in Facts.__dataclass_fields__ if name not in ("unknown", "timings")]
        return Facts(
            **{name: self.sections.get(name) for name in names},
            unknown={name: self.unknown[name] for name in names if name in self.unknown},
            timings={
                **{name: self._timings[name] for name in names if name in self._timings},
                "total": round(self._clock() - self._start, 6),
            },
        )


def _crash(name: str, error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "m1doctor" in frame.filename] or list(frames)
    where = f" ({Path(ours[-1].filename).name}, line {ours[-1].lineno})" if ours else ""
    return f"m1doctor's own collector of {name} failed: {type(error).__name__}: {error}{where}"


# The collectors are imported where they run: each brings modules that the others do not need.


def _told_by_itself(interpreter: Interpreter, runtime: Runtime) -> Interpreter:
    """The interpreter with what only a run of it can tell."""
    from m1doctor.collect.runtime import with_reported_macos  # noqa: PLC0415

    return with_reported_macos(interpreter, runtime)


def _host(world: World, target: Target, depth: Depth) -> Host:
    from m1doctor.collect.host import collect_host  # noqa: PLC0415

    # The Metal family takes system_profiler a quarter of a second: nothing beside the import of TensorFlow.
    return collect_host(world, Path(target.path), deep=not depth.quick)


def _power(world: World) -> Any:
    from m1doctor.collect.power import collect_power  # noqa: PLC0415

    return collect_power(world)


def _memory(world: World, depth: Depth) -> Any:
    from m1doctor.collect.memory import collect_memory  # noqa: PLC0415

    return collect_memory(world, sample_seconds=0.0 if depth.quick else MEMORY_SAMPLE_SECONDS)


def _interpreter(world: World, target: Target, host: Host | None) -> Interpreter:
    from m1doctor.collect.interpreter import collect_interpreter  # noqa: PLC0415

    return collect_interpreter(world, target, host)


def _packages(world: World, interpreter: Interpreter, depth: Depth) -> Packages:
    from m1doctor.collect.packages import collect_packages  # noqa: PLC0415

    return collect_packages(world, interpreter, deep=depth.deep, quick=depth.quick)


def _plugins(world: World, interpreter: Interpreter, packages: Packages) -> Plugins:
    from m1doctor.collect.plugins import collect_plugins  # noqa: PLC0415

    return collect_plugins(world, interpreter, packages)
