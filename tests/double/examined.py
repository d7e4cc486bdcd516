"""Real TensorFlow for Linux with the stand-in for the Metal plugin, examined: a run, and what the checks say of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from double import double
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.collect.runtime import run_target
from m1doctor.collect.world import LiveWorld
from m1doctor.knowledge.parts import Part, parts
from m1doctor.model.correctness import Correctness
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.plugins import Plugin, Plugins, Provider
from m1doctor.model.report import Result, Status
from m1doctor.model.runtime import Runtime

LIMIT = 60.0


def some_parts(*names: str) -> tuple[Part, ...]:
    """The parts of these names, in their order."""
    return tuple(part for part in parts() if part.name in names)


FEW = some_parts("product", "pipeline")
"""Enough where it is not the answers that are looked at: what works on the device, and what does not."""


def interpreter_of(folder: Path) -> Interpreter:
    return Interpreter(
        executable=str(double.python(folder)),
        system="Linux",
        machine="x86_64",
        prefix=str(folder),
        site_folders=(str(double.site_packages(folder)),),
    )


def plugins_of(folder: Path) -> Plugins:
    libraries = (double.site_packages(folder) / "tensorflow-plugins").glob("*.so")
    return Plugins(
        libraries=tuple(
            Plugin(path=str(path), origin="tensorflow-plugins", real_path=str(path), provider=Provider.OTHER)
            for path in libraries
        )
    )


class Examined:
    """One run, with what the checks say of it."""

    def __init__(self, folder: Path, runtime: Runtime, sections: dict[str, Any]) -> None:
        self.runtime = runtime
        self.correctness: Correctness | None = sections.get("correctness")
        facts = Facts(runtime=runtime, interpreter=interpreter_of(folder), plugins=plugins_of(folder), **sections)
        self.results = {result.id: result for result in judge(facts, Registry(built_in_checks()))}

    @property
    def failed(self) -> dict[str, Result]:
        return {
            name: result
            for name, result in self.results.items()
            if name.startswith("TF") and result.status in (Status.ERROR, Status.WARNING, Status.CRASHED)
        }

    def only(self, name: str) -> Result:
        assert list(self.failed) == [name], {key: value.summary for key, value in self.failed.items()}
        return self.failed[name]


def examine(
    folder: Path, fault: str | None = None, *, work: Sequence[Part] = FEW, limit: float = LIMIT, **environ: str
) -> Examined:
    user = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TF_"))}
    world = LiveWorld(environ={**user, **environ, **({double.FAULT: fault} if fault else {})})
    said: list[str] = []
    runtime, sections = run_target(
        world, interpreter_of(folder), plugins_of(folder), parts=work, limit_seconds=limit, tell=said.append
    )
    assert said[0] == "starting the target's Python"
    return Examined(folder, runtime, sections)
