"""What the rules of locks say about the pins of a lock that was brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from m1doctor.checks.pinned import given, python_of, versions
from m1doctor.knowledge.lock_rules import Objection, faults_of
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.remedy import Remedy, manual


def faults(objection: Objection, level: Level, message: str) -> Callable[[Facts], Iterator[Finding]]:
    """A judge that holds the pins to the rules of every lock of ours: one finding for each fault of that kind.

    `message` begins its sentence.
    """

    def judge(facts: Facts) -> Iterator[Finding]:
        yield from _faults_in(facts, objection, level, message)

    return judge


def _faults_in(facts: Facts, objection: Objection, level: Level, message: str) -> Iterator[Finding]:
    lock = given(facts)
    for fault in faults_of(versions(facts), python_of(facts), lock.macos):
        if fault.objection is objection:
            yield Finding(
                level=level,
                message=f"{message}: {fault.says}.",
                expected=f"{fault.instead}" if fault.instead else None,
                location=Location(path=lock.path),
                isolated=True,
                remedy=Remedy(
                    summary="Make the lock anew.",
                    steps=(
                        manual(
                            "Make the lock anew with m1doctor lock"
                            + (f", asking for {fault.instead}." if fault.instead else ".")
                        ),
                    ),
                ),
            )
