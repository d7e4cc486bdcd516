"""Loads the machines of this folder: a recorded world, and the facts that its readings cannot give."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.verdict import reach_verdict
from m1doctor.collect.host import collect_host
from m1doctor.collect.memory import collect_memory
from m1doctor.collect.power import collect_power
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.bench import Bench
from m1doctor.model.correctness import Correctness
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import Packages
from m1doctor.model.plugins import Plugins
from m1doctor.model.reading import Reading
from m1doctor.model.report import Result, SkipKind, Verdict
from m1doctor.model.runtime import Runtime
from m1doctor.model.unknown import Unknown

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "expected" / "results.json"
SECTIONS = {
    "interpreter": Interpreter,
    "packages": Packages,
    "plugins": Plugins,
    "runtime": Runtime,
    "correctness": Correctness,
    "bench": Bench,
}


@dataclass(frozen=True)
class Machine:
    """One whole machine."""

    name: str
    about: str
    world: RecordedWorld
    told: dict[str, Any]

    def facts(self, *, deep: bool = True, sample_seconds: float = 0.3) -> Facts:
        """Collect what the readings give, and add what is told."""
        environment = next((Path(path) for path in self.world.volumes if path.endswith(".venv")), None)
        return Facts(
            host=collect_host(self.world, environment, deep=deep),
            power=collect_power(self.world),
            memory=collect_memory(self.world, sample_seconds),
            unknown={name: msgspec.convert(why, Unknown) for name, why in self.told["unknown"].items()},
            **{name: msgspec.convert(self.told[name], kind) for name, kind in SECTIONS.items() if name in self.told},
        )


def names() -> list[str]:
    """The machines, by the names of their files."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str, root: Path) -> Machine:
    """Load one machine; its files are laid below `root`."""
    document = json.loads((FOLDER / f"{name}.json").read_text())
    for path, text in document["files"].items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    world = RecordedWorld(
        uname=Uname(**document["uname"]),
        root=root,
        pid=document["pid"],
        environ=document["environ"],
        cwd=Path(document["cwd"]),
        home=Path(document["home"]),
        readings=[msgspec.convert(reading, Reading) for reading in document["readings"]],
        sysctls=document["sysctls"],
        volumes={path: (total, free) for path, (total, free) in document["volumes"].items()},
    )
    return Machine(name=name, about=document["about"], world=world, told=document["facts"])


def examine(name: str, root: Path) -> tuple[tuple[Result, ...], Verdict]:
    """Judge one machine by every check that m1doctor has."""
    facts = load(name, root).facts()
    registry = Registry(built_in_checks())
    results = judge(facts, registry)
    return results, reach_verdict(facts, registry, results)


def shortly(result: Result) -> str:
    """One result in a word or three: its status, and for a skipped check why."""
    if result.skip is SkipKind.EXPLAINED:
        return f"skipped: {result.root}"
    return f"skipped: {result.skip}" if result.skip is not None else str(result.status)
