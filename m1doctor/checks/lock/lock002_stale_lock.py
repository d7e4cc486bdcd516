"""LOCK002 stale-lock: the lock no longer answers its own inputs."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.pinned import given, versions
from m1doctor.knowledge.known_faults import in_range
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.names import normalized
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report inputs that have changed, and pins that contradict what the lock says it answers."""
    lock = given(facts)
    changed = []
    for source in lock.inputs:
        if source.current is not None:
            changed += [f"{source.file}: new: {line}" for line in source.current if line not in source.recorded]
            changed += [f"{source.file}: gone: {line}" for line in source.recorded if line not in source.current]
    broken = [] if changed else list(_unanswered(facts))
    if changed or broken:
        yield Finding(
            level=Level.WARNING,
            message="What the lock was made for has changed since it was made."
            if changed
            else "The lock pins versions that contradict what it says it answers.",
            expected="a lock that answers its inputs as they are",
            evidence=tuple(changed or broken),
            location=Location(path=lock.path),
            isolated=True,
            remedy=Remedy(summary="Make the lock anew.", steps=(manual("Make the lock anew with m1doctor lock."),)),
        )


def _unanswered(facts: Facts) -> Iterator[str]:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - start-up

    pins = versions(facts)
    environment = facts.interpreter.marker_environment if facts.interpreter else {}
    for line in given(facts).asked or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.url or (requirement.marker is not None and not environment):
            continue
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": "", **environment}):
            continue
        version = pins.get(normalized(requirement.name))
        if version is None:
            yield f"{line}: not pinned"
        elif in_range(version, str(requirement.specifier)) is False:
            yield f"{line}: pinned at {version}"


CHECK = Check(
    id="LOCK002",
    slug="stale-lock",
    level=Level.WARNING,
    stage=Stage.PACKAGES,
    needs=("given_lock", "given_lock.asked"),
    judge=judge,
    passes="The lock answers what it was made for.",
    page=Page(
        what=(
            "The requirements have changed since the lock was made. "
            "A lock of m1doctor says at its head which requirements it answers and from which file. Those in the file "
            "are others now, or a pin was edited so that it no longer agrees with them."
        ),
        why="What is installed from a stale lock is not what the project asks for today.",
        see="Compare the lines below `Asked for by` and `Limited by` at its head with the files of that name.",
        fix="Make the lock anew with `m1doctor lock` and the options of then.",
    ),
)
