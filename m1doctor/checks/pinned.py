"""What a lock that was brought pins for this environment."""

from __future__ import annotations

from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import GivenLock, LockedPackage, Manager


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
