"""PY007 misreported-macos: Python is told another macOS version than the real one, and pip goes by it."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.interpreter_words import named
from m1doctor.knowledge import interpreters, pairings
from m1doctor.knowledge.pairings import at_least
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, Step, manual


def applies(facts: Facts) -> str | None:
    """For a Python of macOS that was run, or whose executable tells its SDK: either is enough."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    if facts.interpreter.system != "Darwin":
        return "this is not a Python for macOS"
    if _versions(facts)[1] is None:
        return "this Python was not run, and its executable names no SDK"
    return None


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a version that makes pip refuse, or accept, the wrong wheels; a harmless one is no finding."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    real, reported = _versions(facts)
    if real is None or reported is None or _major(real) == _major(reported):
        return
    pip = facts.packages.find("pip") if facts.packages else None
    known = interpreters.load()
    disguise = known.disguise(real, reported)
    if disguise is not None and disguise.repaired and (pip is None or at_least(pip.version, known.pip_asks_again)):
        return  # this pip asks again, and other installers ask in their own way
    refused = _refused(reported)
    too_new = at_least(reported, real)
    if not refused and not too_new:
        return
    installer = f"pip {pip.version}" if pip else "pip"
    if too_new:
        consequence = f"{installer} accepts wheels that are built for a newer macOS than this"
    else:
        consequence = (
            f"{installer} refuses wheels for macOS {refused} and later, TensorFlow's and the plugin's among them"
        )
    yield Finding(
        level=Level.WARNING,
        message=f"{named(facts.interpreter)} believes that macOS {real} is {reported}: {consequence}.",
        expected=f"macOS {real}",
        evidence=tuple(_evidence(facts, real, reported)),
        remedy=Remedy(summary="Use an installer that asks the system itself.", steps=tuple(_steps(facts))),
    )


def _versions(facts: Facts) -> tuple[str | None, str | None]:
    """The real version, and what the target says or, where it was not run, must be told for its SDK."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    real = facts.host.macos_version if facts.host else None
    interpreter = facts.interpreter
    if interpreter.reported_macos is not None or real is None or interpreter.sdk is None:
        return real, interpreter.reported_macos
    told = interpreters.load().told(real, interpreter.sdk)
    return real, told.reported if told else real


def _major(version: str) -> str:
    return version.partition(".")[0]


def _refused(reported: str) -> str | None:
    """The lowest macOS of TensorFlow's or the plugin's newest wheels, where pip would take it for too new."""
    table = pairings.load()
    floors = (table.tensorflow[-1].wheel_macos, table.plugins[-1].wheel_macos)
    refused = [floor for floor in floors if not at_least(reported, floor)]
    return refused[0] if refused else None


def _evidence(facts: Facts, real: str, reported: str) -> Iterator[str]:
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    yield f"kern.osproductversion: {real}"
    if facts.interpreter.reported_macos is not None:
        yield f"platform.mac_ver() in this Python: {reported}"
    else:
        yield f"this Python was linked with macOS SDK {facts.interpreter.sdk}, so that macOS calls itself {reported}"


def _steps(facts: Facts) -> Iterator[Step]:
    known = interpreters.load()
    if facts.packages is not None and facts.packages.find("pip"):
        yield install(facts, "Update pip: newer ones ask the system again.", f"pip>={known.pip_asks_again}")
    yield manual("Remove SYSTEM_VERSION_COMPAT from the shell's start-up files, where one of them sets it.")
    yield manual("Where that does not help, make the environment with a Python built with a newer SDK, such as uv's.")


def _passes(facts: Facts) -> str:
    real, reported = _versions(facts)
    if real is None or reported is None or _major(real) == _major(reported):
        return f"Python knows that this is macOS {real}."
    return f"Python is told that macOS {real} is {reported}, and the same wheels are installed all the same."


CHECK = Check(
    id="PY007",
    slug="misreported-macos",
    level=Level.WARNING,
    stage=Stage.INTERPRETER,
    needs=("interpreter.system", "host.macos_version"),
    applies=applies,
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "macOS tells programs that were built with an old SDK another version than its own: 10.16 from macOS 11 "
            "on, 16.0 from macOS 26 on. `platform.mac_ver()` repeats that, and pip derives from it which wheels fit."
        ),
        why=(
            "A pip before 24.1 that believes in 10.16 refuses every wheel for macOS 11 and later, and so every wheel "
            "of TensorFlow and of tensorflow-metal: `not a supported wheel on this platform`, `no matching "
            "distribution`. pip 24.1 and later ask again with SYSTEM_VERSION_COMPAT=0. 16.0 in the place of 26 costs "
            "only wheels built for macOS 26 itself; nothing that TensorFlow needs is among them, and it is not "
            "reported."
        ),
        see=(
            "Compare `python -c 'import platform; print(platform.mac_ver()[0])'` with `sysctl -n "
            "kern.osproductversion`, and look at the tags that `python -m pip debug --verbose` lists."
        ),
        fix=(
            "Update pip in the environment. Take SYSTEM_VERSION_COMPAT out of the shell's start-up files if it is set. "
            "A Python built with a current SDK is told the truth."
        ),
        sources=(
            Source(
                "cpython#135675: platform.mac_ver() returns 16.0 instead of 26.0",
                "https://github.com/python/cpython/issues/135675",
                "2025-06-18",
            ),
            Source(
                "packaging#513: macOS platform tags with old macOS SDK",
                "https://github.com/pypa/packaging/pull/513",
                "2022-02-27",
            ),
            Source("measured on the wheels of pip 24.0 and 24.1", date="2026-11-23"),
        ),
    ),
)
