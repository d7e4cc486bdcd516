"""LOCK003 lock-for-another-platform: the lock was made for another system, architecture, Python or macOS."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.pinned import given, pinned_here
from m1doctor.knowledge.pairings import at_least, python_minor
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.given_lock import Manager
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.remedy import Remedy, manual

_SYSTEMS = {"Darwin": "macOS"}


def judge(facts: Facts) -> Iterator[Finding]:
    """Report all in which the lock and this environment differ."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    lock = given(facts)
    reasons = [
        *_stated(facts, facts.interpreter),
        *_wheels(facts, facts.interpreter),
        *_conda(facts, facts.interpreter),
    ]
    if reasons:
        yield Finding(
            level=Level.ERROR,
            message=f"The lock is for another machine: {reasons[0]}.",
            expected="a lock for this system, architecture and Python",
            evidence=tuple(reasons),
            location=Location(path=lock.path),
            remedy=Remedy(
                summary="Make a lock for this machine.",
                steps=(manual("Make a lock for this machine with m1doctor lock, --python-version and --macos."),),
            ),
        )


def _stated(facts: Facts, here: Interpreter) -> Iterator[str]:
    """What the head of the lock says against what is known of this environment."""
    lock = given(facts)
    system = _SYSTEMS.get(here.system or "", here.system)
    for what, locked, found in (
        ("system", lock.system, system),
        ("architecture", lock.machine, here.machine),
        ("Python", _minor(lock.python), _minor(here.version)),
    ):
        if locked is not None and found is not None and locked != found:
            yield f"{what} {locked} in the lock, {found} here"
    macos = facts.host.macos_version if facts.host is not None else None
    if lock.macos is not None and macos is not None and not at_least(macos, lock.macos):
        yield f"macOS {lock.macos} or later in the lock, {macos} here"


def _wheels(facts: Facts, here: Interpreter) -> Iterator[str]:
    """Wheels of which no build is for this system and architecture."""
    if here.system not in ("Darwin", "Linux") or here.machine is None:
        return
    fitting = {
        "Darwin": (("macosx_",), (here.machine, "universal2")),
        "Linux": (("manylinux", "musllinux", "linux_"), (here.machine,)),
    }
    beginnings, ends = fitting[here.system]
    for name, package in sorted(pinned_here(facts, Manager.PIP).items()):
        platforms = [platform for tags in package.tags for platform in tags.rpartition("-")[2].split(".")]
        if platforms and not any(
            platform == "any" or (platform.startswith(beginnings) and platform.endswith(ends)) for platform in platforms
        ):
            yield f"{name} {package.version} is locked for {', '.join(platforms)}"


def _conda(facts: Facts, here: Interpreter) -> Iterator[str]:
    subdir = here.conda.subdir if here.conda else None
    for name, package in sorted(pinned_here(facts, Manager.CONDA).items()):
        if subdir is not None and package.subdir not in (None, "noarch", subdir):
            yield f"{name} {package.version} is locked for {package.subdir}, this environment is {subdir}"


def _minor(version: str | None) -> str | None:
    return None if version is None else python_minor(version)


CHECK = Check(
    id="LOCK003",
    slug="lock-for-another-platform",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock", "interpreter"),
    judge=judge,
    passes="Nothing in the lock is for another system, architecture or Python.",
    page=Page(
        what=(
            "The lock says that it is for another system, architecture, Python or macOS than this environment's, or "
            "the files that it names (wheels, packages of a conda subdir) are for another one."
        ),
        why=(
            "Its files do not install here; and where their versions do, other builds take their place: hashes fail, "
            "or NumPy computes with another library."
        ),
        see="Read the line `Target` at the head of the lock, and the names of the files in it.",
        fix="Make a lock for this machine: `m1doctor lock` with `--python-version` and `--macos` works on any host.",
    ),
)
