"""What a lock that was brought pins for this environment."""

from __future__ import annotations

from m1doctor.knowledge.known_faults import in_range
from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import GivenLock, LockedPackage, Manager

SEEDS = ("pip", "uv")
"""What environments are made with, and locks leave out or name without a version."""


def given(facts: Facts) -> GivenLock:
    """The lock; for checks that declare it in `needs`."""
    assert facts.given_lock is not None  # noqa: S101 - declared in `needs`
    return facts.given_lock


def pinned_here(facts: Facts, manager: Manager) -> dict[str, LockedPackage]:
    """The pins that count in this environment, by name; one whose marker nobody can judge here counts."""
    environment = facts.interpreter.marker_environment if facts.interpreter else {}
    return {
        package.name: package
        for package in given(facts).packages
        if package.manager is manager and (package.marker is None or _holds(package.marker, environment))
    }


def versions(facts: Facts) -> dict[str, str]:
    """Name to version of everything that pip installs from the lock."""
    return {
        name: package.version
        for name, package in pinned_here(facts, Manager.PIP).items()
        if package.version is not None
    }


def exactly_pinned(facts: Facts) -> list[LockedPackage]:
    """What the lock pins here to one version, whoever installs it."""
    return [
        package
        for manager in Manager
        for package in pinned_here(facts, manager).values()
        if package.version is not None
    ]


def not_exact(facts: Facts) -> dict[str, LockedPackage]:
    """What the lock names here without one version, by name, but for the installers, which locks leave out."""
    return {
        name: package
        for manager in (Manager.CONDA, Manager.PIP)
        for name, package in pinned_here(facts, manager).items()
        if package.version is None and name not in SEEDS
    }


def is_satisfied(pin: LockedPackage, installed: str) -> bool:
    """Whether a version is the pinned one or lies where the lock wants it; what cannot be judged is let pass."""
    if pin.version is None:
        return not pin.spec or _within(pin.spec, installed) is not False
    if pin.fuzzy and installed.startswith(f"{pin.version}."):
        return True
    return _is_same(pin.version, installed)


def _within(spec: str, version: str) -> bool | None:
    from packaging.specifiers import InvalidSpecifier  # noqa: PLC0415 - start-up

    try:
        return in_range(version, spec)
    except InvalidSpecifier:
        return None  # conda's patterns and alternatives


def _is_same(locked: str, installed: str) -> bool:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - start-up

    try:
        return Version(locked) == Version(installed)
    except InvalidVersion:
        return locked == installed


def listed(names: list[str], most: int = 3) -> str:
    """The first of the names in their order: ``"keras, numpy and 4 others"``."""
    names = sorted(names)
    if len(names) <= most:
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{', '.join(names[:most])} and {len(names) - most} other{'s' if len(names) > most + 1 else ''}"


def for_apple_silicon(facts: Facts) -> str | None:
    """Why rules for macOS on Apple silicon do not apply to the lock; `None` where they do or may."""
    lock = given(facts)
    if lock.system is None and facts.interpreter is not None and facts.interpreter.apple_silicon_target is False:
        return "the lock says no system, and this environment is not for macOS on Apple silicon"
    if lock.system not in (None, "macOS") or lock.machine not in (None, "arm64"):
        return f"the lock is for {lock.system} {lock.machine or ''}".rstrip()
    return None


def python_of(facts: Facts) -> str:
    """Minor version of the Python that the lock is for, else of the environment; empty where neither is known."""
    version = given(facts).python or (facts.interpreter.version if facts.interpreter else None) or ""
    return ".".join(version.split(".")[:2])


def _holds(marker: str, environment: dict[str, str]) -> bool:
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName  # noqa: PLC0415 - start-up

    try:
        return Marker(marker).evaluate({"extra": "", **environment})
    except (InvalidMarker, UndefinedEnvironmentName, ValueError):
        return True
