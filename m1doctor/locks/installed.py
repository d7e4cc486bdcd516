"""What the examined environment has installed, pinned and hashed.

The versions are the installed ones; nothing is resolved. For each the hash of the file that is installed is kept, so
that the lock gives the same files again. What no index can give again is named in a comment with the reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor import __version__
from m1doctor.collect.world import World
from m1doctor.knowledge.locks import never_lock
from m1doctor.locks.forms import requirements
from m1doctor.locks.index import Files, NoAnswerError, Pin, look_up, newest_macos_tag
from m1doctor.locks.lock import LeftOut, Lock, Target
from m1doctor.locks.writing import Written, write
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import DirectOrigin, Distribution

if TYPE_CHECKING:
    from packaging.pylock import Package

DEFAULT_SECONDS = 45.0
"""Time limit for all that is asked of the index. A full TensorFlow environment takes about a second."""
BY_CONDA = "installed by conda; pin it with conda"
"""Why a package is left out that is conda's."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NothingToLockError(Exception):
    """It is not known what is installed, so there is nothing to pin; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOutcome:
    """What was written."""

    written: Written
    lock: Lock
    detail: str | None = None
    """uv's own words on why there are no hashes, without addresses; not part of the file."""


def write_pinned_requirements(
    world: World,
    facts: Facts,
    path: Path,
    *,
    offline: bool = False,
    causes: Sequence[str] = (),
    seconds: float = DEFAULT_SECONDS,
    python: str = sys.executable,
    uv: str | None = None,
) -> LockOutcome:
    """Write what the examined environment has installed, pinned and hashed, to `path`.

    The parameters are those of `lock_installed`. A different file at `path` is kept as a backup; an equal one is left
    alone. Raises `NothingToLockError` and `LockWriteError`.
    """
    lock, detail = lock_installed(world, facts, offline=offline, causes=causes, seconds=seconds, python=python, uv=uv)
    return LockOutcome(written=write(path, requirements.render(lock)), lock=lock, detail=detail)


def lock_installed(
    world: World,
    facts: Facts,
    *,
    offline: bool = False,
    causes: Sequence[str] = (),
    seconds: float = DEFAULT_SECONDS,
    python: str = sys.executable,
    uv: str | None = None,
) -> tuple[Lock, str | None]:
    """What the examined environment has installed, and uv's own words where its hashes could not be had.

    `causes` are the failures of the examination, each as ``"LNK002 plugin-symbol-not-found"``: a lock of a broken
    environment says so at its head. `offline` asks nobody and gives no hashes. `seconds`, `python` and `uv` are those
    of `index.look_up`. Raises `NothingToLockError` where the installed packages are unknown.
    """
    if facts.packages is None:
        unknown = facts.unknown.get("packages")
        message = f"nothing to pin: {unknown.reason if unknown else 'the installed packages are unknown'}"
        raise NothingToLockError(message)
    pins, left_out = _sort_out(facts.packages.distributions)
    files, detail = Files(), None
    reason: str | None = "m1doctor was told to stay offline"
    if not offline:
        try:
            files, reason = look_up(world, facts.interpreter, pins, seconds=seconds, python=python, uv=uv), None
        except NoAnswerError as error:
            reason, detail = str(error), error.detail
    left_out += [
        LeftOut(
            name=broken.name or Path(broken.metadata_path).name,
            version="",
            reason=f"its metadata is broken: {broken.reason}",
        )
        for broken in facts.packages.broken_metadata
    ]
    left_out += [
        LeftOut(name=pin.name, version=pin.version, reason=files.refused[pin.name])
        for pin in pins
        if pin.name in files.refused
    ]
    pins = [pin for pin in pins if pin.name not in files.refused]
    lock = Lock(
        title=f"What is installed in the environment that m1doctor {__version__} examined, pinned.",
        target=_target(facts.interpreter, pins),
        packages=tuple(files.packages.get(pin.name) or _bare(pin) for pin in pins),
        left_out=tuple(sorted(left_out, key=lambda package: (package.name, package.version))),
        unhashed=reason,
        broken=tuple(causes),
    )
    return lock, detail


def _bare(pin: Pin) -> Package:
    """A package of which no file is known."""
    from packaging.pylock import Package  # noqa: PLC0415 - start-up
    from packaging.utils import NormalizedName  # noqa: PLC0415 - start-up
    from packaging.version import Version  # noqa: PLC0415 - start-up

    return Package(name=NormalizedName(pin.name), version=Version(pin.version))


def _sort_out(distributions: Iterable[Distribution]) -> tuple[list[Pin], list[LeftOut]]:
    """Divide the installed distributions into those that an index may have and those that no pin can name."""
    pins: dict[str, Pin] = {}
    left_out: dict[tuple[str, str], LeftOut] = {}
    for distribution in distributions:
        name, version = distribution.normalized_name, distribution.version.strip()
        reason = _why_not(name, version, distribution)
        if reason is None and name in pins:
            if pins[name].version == version:
                continue
            # The first of a name is the one that an import uses.
            reason = f"a second copy; {pins[name].version} comes first on the search path"
        if reason is None:
            pins[name] = Pin(name, version, distribution.wheel_tags)
        else:
            left_out.setdefault((name, version), LeftOut(name=name, version=version, reason=reason))
    return sorted(pins.values(), key=lambda pin: pin.name), list(left_out.values())


_ORIGINS: dict[DirectOrigin, str] = {
    DirectOrigin.EDITABLE: "an editable installation of a source folder",
    DirectOrigin.DIRECTORY: "installed from a source folder",
    DirectOrigin.ARCHIVE: "installed from a file or an address, not from an index",
    DirectOrigin.VCS: "installed from a repository, not from an index",
}


def _why_not(name: str, version: str, distribution: Distribution) -> str | None:
    """Why no index can be asked for this release, or `None` when one can."""
    if not _NAME.fullmatch(name):
        return "its name is not one that a package can have"
    if distribution.installer == "conda":
        return BY_CONDA
    if distribution.direct_origin is not None:
        return _ORIGINS[distribution.direct_origin]
    return _why_not_version(name, version)


def _why_not_version(name: str, version: str) -> str | None:
    """Why no index has, or no lock may name, this version."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - start-up

    try:
        parsed = Version(version)
    except InvalidVersion:
        return "its version cannot be read"
    if parsed.local is not None:
        return "a local version, which no index publishes"
    never = (release for release in never_lock() if release.name == name and Version(release.version) == parsed)
    return next((release.reason for release in never), None)


def _target(interpreter: Interpreter | None, pins: Sequence[Pin]) -> Target:
    """The machine of the examined environment, as far as it is known."""
    if interpreter is None:
        return Target(python=None, system=None, machine=None, implementation="python")
    newest = newest_macos_tag(pins)
    return Target(
        python=interpreter.version,
        system={"Darwin": "macOS"}.get(interpreter.system or "", interpreter.system),
        machine=interpreter.machine,
        macos=f"{newest[0]}.{newest[1]}" if newest else None,
        implementation=interpreter.implementation,
    )
