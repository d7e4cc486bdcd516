"""Every kind of report there is, for renderers: all machines, and one in which every optional part says something."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

import logs
import reports
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import make_report
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.host import Host
from m1doctor.model.packages import Packages
from m1doctor.model.remedy import Remedy, manual, run
from m1doctor.model.report import Lock, Report, Target, TargetKind
from m1doctor.model.unknown import Unknown
from machines import loading

TEXT = st.text() | st.text(alphabet="`~*_[]()<>#-+=1.) \\|&@:/wx\n!$^", max_size=40)
"""What may have been captured: anything, and what Markdown is made of."""


@cache
def of_machine(name: str) -> tuple[Report, Registry]:
    """One of the machines, judged by every check."""
    registry = Registry(built_in_checks())
    with TemporaryDirectory() as root:
        facts = loading.load(name, Path(root)).facts()
    return make_report(facts, reports.TARGET, registry, choose(registry), clock=reports.noon), registry


def full() -> tuple[Report, Registry]:
    """A report with a word in every optional place: each starts with ``told-``."""
    located = Finding(
        level=Level.ERROR,
        message="told-message",
        expected="told-expected",
        evidence=("told-evidence", reports.HOSTILE),
        location=Location(path="/told-path", line=7),
        remedy=Remedy(
            summary="told-summary.", steps=(run("told-step.", ("told-command", "an argument"), reversible=False),)
        ),
        isolated=True,
    )
    crashing = reports.check("TF002", "told-crash")
    object.__setattr__(crashing, "judge", reports.broken_judge)
    checks = (*reports.CHECKS, reports.check("TF003", "told-slug", findings=(reports.VIRTUAL, located)), crashing)
    facts = replace(reports.BROKEN_FACTS, correctness=reports.HEALTHY_FACTS.correctness, log=logs.read(LOG))
    report, registry = reports.report(
        facts,
        checks,
        notes=("told-note",),
        broken=("told-failure",),
        lock=Lock(path="/told-lock", packages=39, hashed=False),
        replay_of="told-replay",
    )
    target = replace(report.target, kind=TargetKind.FOLDER, why="told-why")
    return replace(report, target=target), registry


LOG = """Metal device set to: Apple M1
Failed to get CPU frequency: 0 Hz
export KMP_DUPLICATE_LIB_OK=TRUE
told-unknown FooError: the bar broke
"""


MADE = {"broken": reports.broken, "healthy": reports.healthy, "full": full}
NAMES = (*loading.names(), *MADE)


def named(name: str) -> tuple[Report, Registry]:
    """One of all."""
    return MADE[name]() if name in MADE else of_machine(name)


def saying(text: str) -> tuple[Report, Registry]:
    """A report in which everything that may have been captured is `text`."""
    finding = Finding(
        level=Level.WARNING,
        message=text,
        expected=text,
        evidence=(text, "between", text),
        location=Location(path=text),
        remedy=Remedy(summary=text, steps=(run(text, (text or "true", text), reversible=False), manual(text))),
    )
    checks = (
        reports.check("LNK002", "a-cause", findings=(reports.SYMBOL,)),
        reports.check("LNK003", "another", findings=(finding, finding)),
        reports.check("MAC008", "a-note", findings=(replace(finding, level=Level.NOTE),)),
        reports.check("MEM001", "unknown", needs=("memory",)),
    )
    packages = Packages(distributions=(reports.distribution("tensorflow", text),))
    facts = Facts(packages=packages, unknown={"memory": Unknown(text)}, host=Host(chip=text or "chip"))
    report, registry = reports.report(facts, checks, notes=(text,), broken=(text,))
    target = Target(kind=TargetKind.FOLDER, path=text, why=text)
    return replace(report, target=target, verdict=replace(report.verdict, headline=text)), registry
