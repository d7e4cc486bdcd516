"""Reports, facts and checks for tests: small, made by hand, each with one thing to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import Wish, choose
from m1doctor.diagnosis import make_report
from m1doctor.model.correctness import Comparison, Comparisons, Correctness, PipelineAnswer
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.remedy import Remedy, manual, run
from m1doctor.model.report import Report, Target, TargetKind
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Device, Runtime
from m1doctor.model.unknown import Unknown, not_applicable

PYTHON = "/Users/me/My Projects/vision/.venv/bin/python"
TARGET = Target(kind=TargetKind.PYTHON, path=PYTHON, why=".venv in this folder")
PAGE = Page(
    what="The plugin asks for symbols that this TensorFlow does not export.",
    why="TensorFlow loads every plugin while it is imported, so the import itself fails.",
    see="Import it.",
    fix="Install a pair that fits.",
)
DYLD = (
    "dlopen(/Users/me/My Projects/vision/.venv/lib/python3.11/site-packages/tensorflow-plugins/libmetal_plugin.dylib, "
    "0x0006): Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii"
)
HOSTILE = "hostile \x1b[31mred\x1b[0m [bold]not markup[/bold] \u202eevil \x07"


def check(
    check_id: str,
    slug: str,
    level: Level = Level.ERROR,
    stage: Stage = Stage.LINK,
    findings: tuple[Finding, ...] = (),
    **more: object,
) -> Check:
    """A check that always finds the same."""
    return Check(
        id=check_id,
        slug=slug,
        level=level,
        stage=stage,
        judge=lambda _: findings,
        passes="It is fine.",
        page=more.pop("page", PAGE),
        **more,
    )


def broken_judge(facts: Facts) -> Iterable[Finding]:
    """A check with a defect."""
    del facts
    raise KeyError("no such thing")


SYMBOL = Finding(
    level=Level.ERROR,
    message="tensorflow-metal 1.2.0 asks for a symbol that TensorFlow 2.21.0 does not have.",
    expected="a TensorFlow from 2.16.1 to 2.18.1",
    evidence=(DYLD, HOSTILE),
    remedy=Remedy(
        summary="Install the newest TensorFlow that this plugin links with.",
        steps=(
            run("Install TensorFlow 2.18.1.", (PYTHON, "-m", "pip", "install", "tensorflow==2.18.1"), reversible=True),
            manual("Restart the notebook kernel: the old libraries stay loaded until then."),
        ),
    ),
)
VIRTUAL = Finding(level=Level.WARNING, message="This is a virtual machine.", evidence=("AppleParavirtGPU",))
TOOLS = Finding(level=Level.NOTE, message="Apple's Command Line Tools are not installed.")

CHECKS = (
    check("MAC001", "not-a-mac", Level.NOTE, Stage.HOST),
    check("MAC004", "virtual-machine", Level.WARNING, Stage.HOST, (VIRTUAL,)),
    check("MAC008", "command-line-tools-missing", Level.NOTE, Stage.HOST, (TOOLS,)),
    check("LNK002", "plugin-symbol-not-found", findings=(SYMBOL,)),
    check("TF001", "import-fails", stage=Stage.IMPORT, after=("LNK002",)),
    check("TF004", "no-gpu-visible", stage=Stage.DEVICE, after=("TF001",)),
    check("MEM001", "memory-pressure", stage=Stage.MEMORY, needs=("memory.pressure",)),
    check("MEM004", "wired-limit-risky", stage=Stage.MEMORY, needs=("power",)),
)
HEALTHY_CHECKS = (check("MAC001", "not-a-mac"), check("TF001", "import-fails"))

_MACHINE = {
    "host": Host(macos_version="15.4", chip="Apple M1 Pro", memory_bytes=16 * 1024**3),
    "interpreter": Interpreter(executable=PYTHON, version="3.11.7", machine="arm64", system="Darwin"),
}


def distribution(name: str, version: str) -> Distribution:
    """An installed distribution."""
    return Distribution(name=name, normalized_name=name, version=version, folder="/site", metadata_path=f"{name}.dist")


BROKEN_FACTS = Facts(
    **_MACHINE,
    packages=Packages(distributions=(distribution("tensorflow", "2.21.0"), distribution("tensorflow-metal", "1.2.0"))),
    unknown={"memory": Unknown("sysctl printed no pressure level"), "power": not_applicable("this is no Mac")},
    timings={"host": 0.2, "total": 6.43},
)
_FINISHED = ChildOutcome(end=ChildEnd.FINISHED, seconds=4.0)
HEALTHY_FACTS = Facts(
    **_MACHINE,
    packages=Packages(distributions=(distribution("tensorflow", "2.18.1"), distribution("tensorflow-metal", "1.2.0"))),
    runtime=Runtime(
        outcome=_FINISHED,
        devices=(Device(name="/physical_device:GPU:0", kind="GPU"),),
        matmul_device="/job:localhost/replica:0/task:0/device:GPU:0",
    ),
    correctness=Correctness(
        product=Comparisons(
            comparisons=(
                Comparison(
                    op="MatMul",
                    words="1024 x 1024 product",
                    dtype="float32",
                    terms=1024,
                    device="/device:GPU:0",
                    elements=1024 * 1024,
                    wrong_elements=0,
                    largest_error=1e-5,
                    tolerance=1e-3,
                ),
            )
        ),
        pipeline=PipelineAnswer(elements=1024, expected_elements=1024, checksum_matches=True, seconds=0.012),
    ),
    timings={"total": 6.43},
)


def noon() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def report(
    facts: Facts, checks: Iterable[Check], *, ignore: Iterable[Wish] = (), **more: object
) -> tuple[Report, Registry]:
    """A report of `checks` over `facts`, and the registry it was made with."""
    registry = Registry(checks)
    return make_report(facts, TARGET, registry, choose(registry, ignore=ignore), clock=noon, **more), registry


def broken() -> tuple[Report, Registry]:
    """A machine with a cause, its consequences, a warning, a note, and something that is not known."""
    return report(BROKEN_FACTS, CHECKS)


def healthy() -> tuple[Report, Registry]:
    """A machine where all is well."""
    return report(HEALTHY_FACTS, HEALTHY_CHECKS)
