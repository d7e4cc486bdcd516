"""Declared requirements against installed versions, judged with `packaging` for the target's own markers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from m1doctor.model.names import normalized
from m1doctor.model.packages import Distribution, Packages

_MARKER_VARIABLES = re.compile(
    r"\b(os_name|sys_platform|platform_machine|platform_python_implementation|platform_release|platform_system"
    r"|platform_version|python_version|python_full_version|implementation_name|implementation_version)\b"
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_EXTRA_ONLY = re.compile(r"\bextra\s*==")


class Conflict(NamedTuple):
    """A requirement that does not hold."""

    required_by: Distribution
    requirement: str
    """Name, extras and versions as required, without the marker: ``"ml-dtypes~=0.3.1"``."""
    name: str
    """Normalized name of what is required."""
    installed: Distribution | None
    """What is there in its place; `None` where nothing is."""


class Judgement(NamedTuple):
    """All requirements of an environment."""

    conflicts: list[Conflict]
    held: list[str]
    """Requirements that hold."""
    undecided: list[str]
    """Requirements that nobody can judge here, each with its reason."""


def judge_requirements(packages: Packages, environment: Mapping[str, str]) -> Judgement:
    """Judge every requirement of every distribution that an import would use.

    `environment` are the target's markers; one that it does not hold, or holds as an empty text, leaves a requirement
    undecided rather than judged by the markers of whoever examines. Optional requirements count where another
    requirement asks for that extra.
    """
    judge = _Judge(packages, environment)
    todo = [(name, "") for name in judge.installed]
    done: set[tuple[str, str]] = set()
    while todo:
        asked = todo.pop()
        if asked not in done and asked[0] in judge.installed:
            done.add(asked)
            todo += judge.distribution(*asked)
    judge.judgement.conflicts.sort(key=lambda each: (each.required_by.normalized_name, each.name))
    return judge.judgement


class _Judge:
    """One environment under judgement."""

    def __init__(self, packages: Packages, environment: Mapping[str, str]) -> None:
        self.judgement = Judgement([], [], [])
        self.installed: dict[str, Distribution] = {}
        for each in packages.distributions:
            self.installed.setdefault(each.normalized_name, each)
        self._environment = environment

    def distribution(self, name: str, extra: str) -> list[tuple[str, str]]:
        """Judge what one distribution requires for `extra` (``""``: always); returns the extras that it asks for."""
        owner = self.installed[name]
        asked: list[tuple[str, str]] = []
        for line in owner.requires:
            # Most lines of most packages ask for an extra: they are not worth a parser.
            if bool(_EXTRA_ONLY.search(line)) is (extra != ""):
                requirement = self._applying(line, owner, extra)
                if requirement is not None:
                    self._compare(line, owner, requirement)
                    asked += [(normalized(requirement.name), each) for each in requirement.extras]
        return asked

    def _applying(self, line: str, owner: Distribution, extra: str) -> Requirement | None:
        """The requirement of a line; `None` where it does not apply here or nobody can tell."""
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            self._undecided(line, owner, "not a valid requirement")
            return None
        if requirement.marker is None:
            return requirement
        text = _QUOTED.sub("", str(requirement.marker))
        unknown = sorted(name for name in set(_MARKER_VARIABLES.findall(text)) if not self._environment.get(name))
        if unknown:
            self._undecided(line, owner, f"{', '.join(unknown)} of the target is not known")
            return None
        try:
            applies = requirement.marker.evaluate({**self._environment, "extra": extra})
        except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion) as error:
            self._undecided(line, owner, str(error))
            return None
        return requirement if applies else None

    def _compare(self, line: str, owner: Distribution, requirement: Requirement) -> None:
        name = normalized(requirement.name)
        there = self.installed.get(name)
        if there is None:
            self.judgement.conflicts.append(Conflict(owner, _without_marker(requirement), name, None))
            return
        try:
            holds = not requirement.specifier or requirement.specifier.contains(
                Version(there.version), prereleases=True
            )
        except InvalidVersion:
            self._undecided(line, owner, f"version {there.version!r} is not one of PEP 440")
            return
        if holds:
            self.judgement.held.append(line)
        else:
            self.judgement.conflicts.append(Conflict(owner, _without_marker(requirement), name, there))

    def _undecided(self, line: str, owner: Distribution, why: str) -> None:
        self.judgement.undecided.append(f"{owner.name} {owner.version}: {line} ({why})")


def _without_marker(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    address = f" @ {requirement.url}" if requirement.url else ""
    return f"{requirement.name}{extras}{requirement.specifier}{address}"
