"""Making a lock: for a Mac that is described, or of an environment that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.knowledge.compat import choose, python_for, refusal
from m1doctor.knowledge.lock_rules import faults_of
from m1doctor.knowledge.pairings import load
from m1doctor.locks.form import Form
from m1doctor.locks.lock import CondaFile, Lock, Target, pins_of
from m1doctor.locks.resolve import How, RefusedError, costs, resolve
from m1doctor.locks.wanted import Wanted
from m1doctor.model.names import distribution_name
from m1doctor.model.provider import Provider

if TYPE_CHECKING:
    from m1doctor.model.facts import Facts

DEFAULT_CHANNELS = ("conda-forge",)
"""Where conda's forms find Python."""


def asked_provider(wanted: Wanted) -> Provider:
    """Whose plugin the user's own requirements name; `Provider.AUTO` where they leave that open."""
    return Provider.COMMUNITY if wanted.names(load().community.distribution) else Provider.AUTO


def gpu(target: Target, macos: str | None, provider: Provider) -> tuple[str, str]:
    """TensorFlow with the plugin of that provider, as requirements, whichever versions go together.

    `macos` is the one that was asked for. Raises `RefusedError` with the ways out where the provider cannot serve
    there, or where the user has to decide.
    """
    choice = choose(target.python or "", macos, provider)
    if not choice.requirements:
        raise RefusedError("\n".join(refusal(choice, "m1doctor lock")))
    table = load()
    plugin = table.community.distribution if provider is Provider.COMMUNITY else table.apple_distribution
    return "tensorflow", plugin


def describe(python: str | None, macos: str | None, provider: Provider) -> Target:
    """The Mac that a lock is for; what is left open is chosen so that the best pair can be locked.

    That is the newest Python that has a pair, and the oldest macOS on which the newest plugin loads.
    """
    table = load()
    newest = table.plugins[-1]
    apples = newest.minos or newest.wheel_macos
    floor = table.community.needs_macos if provider is Provider.COMMUNITY else apples
    return Target(python=python or python_for(provider, macos), macos=_whole(macos or floor))


def _whole(macos: str) -> str:
    """``"14"`` as ``"14.0"``; a patch release says nothing about wheels."""
    return ".".join([*macos.split("."), "0"][:2])


def resolved(
    world: World, wanted: Wanted, target: Target, how: How, *, forms: Sequence[Form], channels: Sequence[str]
) -> Lock:
    """The lock that answers `wanted`. Raises as `resolve` and `conda.solve` do."""
    lock = resolve(world, wanted, target, how)
    if not any(form.needs_conda for form in forms):
        return lock
    from m1doctor.locks import conda  # noqa: PLC0415 - an optional extra

    files = conda.solve(target, channels=channels, exclude_newer=how.exclude_newer, offline=how.offline)
    return replace(lock, conda=files, channels=tuple(channels))


def of_environment(world: World, facts: Facts, how: How, forms: Sequence[Form]) -> Lock:
    """The lock of what is installed.

    Raises `RefusedError` where it could not work anywhere, `UserError` where a form cannot be had of it.
    """
    from m1doctor.locks.installed import BY_CONDA, NothingToLockError, lock_installed  # noqa: PLC0415 - brings every fact

    try:
        lock, detail = lock_installed(world, facts, offline=how.offline, python=how.python, uv=how.uv)
    except NothingToLockError as error:
        raise UserError(str(error)) from error
    if lock.unhashed is not None and not how.offline:
        message = f"nothing was locked: {lock.unhashed}" + (f"\n{detail}" if detail else "")
        raise UnfinishedError(message)
    warnings: tuple[str, ...] = ()
    if (lock.target.system, lock.target.machine) == ("macOS", "arm64"):
        faults = faults_of(pins_of(lock.packages), lock.target.python or "", lock.target.macos)
        fatal = [fault.says for fault in faults if fault.fatal]
        if fatal:
            raise RefusedError("\n".join(fatal))
        warnings = (*(fault.says for fault in faults), *costs(pins_of(lock.packages)), *_builders_absent(lock))
    conda = _of_prefix(facts, forms)
    left_out = tuple(left for left in lock.left_out if not conda or left.reason != BY_CONDA)
    return replace(lock, warnings=warnings, conda=conda, left_out=left_out)


def _builders_absent(lock: Lock) -> Iterator[str]:
    """What has to be there to build a package of the lock and is not installed: pip builds with what it fetches."""
    pins = pins_of(lock.packages)
    absent = [line for line in load().community.build if distribution_name(line) not in pins]
    if lock.built_beside and absent:
        yield f"{' and '.join(absent)}, with which {lock.built_beside[0]} is built, are not pinned: install them before"


def _of_prefix(facts: Facts, forms: Sequence[Form]) -> tuple[CondaFile, ...]:
    if not any(form.needs_conda for form in forms):
        return ()
    prefix = facts.interpreter.conda.prefix if facts.interpreter and facts.interpreter.conda else None
    if prefix is None:
        raise UserError("--format: this environment is not conda's, so that there is nothing of conda's to lock")
    from m1doctor.locks import conda  # noqa: PLC0415 - an optional extra

    return conda.installed(Path(prefix))
