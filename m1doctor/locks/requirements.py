"""The pinned, hashed `requirements.txt` of the examined environment.

The versions are the installed ones; nothing is resolved. For each the hash of the file that is installed is kept, so
that the lock gives the same files again. What no index can give again is named in a comment with the reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from m1doctor import __version__
from m1doctor.collect.world import World
from m1doctor.files import keep_backup, write_atomically
from m1doctor.knowledge.locks import never_lock
from m1doctor.locks.index import Files, NoAnswerError, Pin, look_up, newest_macos_tag
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import DirectOrigin, Distribution

DEFAULT_SECONDS = 45.0
"""Time limit for all that is asked of the index. A full TensorFlow environment takes about a second."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class LockError(Exception):
    """A lock could not be written; the message says why.

    `LockError`
     ├─ `NothingToLockError`: it is not known what is installed
     └─ `LockWriteError`: the file system refused
    """


class NothingToLockError(LockError):
    """It is not known what is installed, so there is nothing to pin."""


class LockWriteError(LockError):
    """The file, or the backup of the one it replaces, could not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An installed package that the file names in a comment only."""

    name: str
    version: str
    """As its metadata writes it; empty where that cannot be read."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOutcome:
    """What was written."""

    path: Path
    hashed: bool
    """Whether every pinned package carries at least one hash."""
    packages: int
    """How many packages are pinned."""
    left_out: tuple[LeftOut, ...] = ()
    reason: str | None = None
    """Why there are no hashes, in a clause; `None` where there are."""
    detail: str | None = None
    """uv's own words on that, without addresses; not part of the file."""
    backup: Path | None = None
    """The copy of the different file that was there before."""
    unchanged: bool = False
    """Whether the file already said exactly this and was left alone."""


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

    `causes` are the failures of the examination, each as ``"LNK002 plugin-symbol-not-found"``: a lock of a broken
    environment says so at its head. `offline` asks nobody and writes no hashes. `seconds`, `python` and `uv` are those
    of `index.look_up`.

    A different file at `path` is kept as a backup; an equal one is left alone. Raises `NothingToLockError` where the
    installed packages are unknown, and `LockWriteError` where the file system refuses.
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
    left_out.sort(key=lambda package: (package.name, package.version))
    pins = [pin for pin in pins if pin.name not in files.refused]
    head = _head(facts.interpreter, pins, files, reason, causes)
    backup, unchanged = _write(path, _render(head, pins, left_out, files))
    return LockOutcome(
        path=path,
        hashed=reason is None,
        packages=len(pins),
        left_out=tuple(left_out),
        reason=reason,
        detail=detail,
        backup=backup,
        unchanged=unchanged,
    )


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
        return "installed by conda; pin it with conda"
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


def _head(
    interpreter: Interpreter | None, pins: Sequence[Pin], files: Files, reason: str | None, causes: Sequence[str]
) -> list[str]:
    """The comments that say what this file is: no date, path or address, so that the same facts give the same file."""
    check = "" if reason else " --require-hashes"
    lines = [
        f"# What is installed in the environment that m1doctor {__version__} examined, pinned.",
        f"# Target: {_target(interpreter, pins)}",
        f"# Install: python -m pip install{check} --no-deps -r requirements.txt",
    ]
    if reason:
        lines.append(f"# WITHOUT HASHES: {_one_line(reason)}.")
    if causes:
        lines.append("# BROKEN as examined; this file repeats these faults, it does not mend them:")
        lines += [f"#   {_one_line(cause)}" for cause in causes]
    if files.sources:
        lines.append(f"# Compiled from source when installed: {', '.join(files.sources)}")
    return lines


def _target(interpreter: Interpreter | None, pins: Sequence[Pin]) -> str:
    """The target in words: ``"cpython 3.11 on macOS arm64 (macOS 12.0 or later)"``."""
    if interpreter is None:
        return "unknown"
    system = {"Darwin": "macOS"}.get(interpreter.system or "", interpreter.system or "an unknown system")
    words = f"{interpreter.implementation} {interpreter.version or '(version unknown)'} on {system}"
    words += f" {interpreter.machine}" if interpreter.machine else ""
    newest = newest_macos_tag(pins)
    return _one_line(f"{words} (macOS {newest[0]}.{newest[1]} or later)" if newest else words)


def _render(head: Sequence[str], pins: Sequence[Pin], left_out: Sequence[LeftOut], files: Files) -> str:
    """The text of the file."""
    lines = [*head]
    if left_out:
        lines.append("# Installed, but not pinned here:")
        lines += [f"#   {_one_line(f'{left.name} {left.version}'.strip() + f': {left.reason}')}" for left in left_out]
    lines.append("")
    for pin in pins:
        hashes = (f"--hash={value}" for value in files.hashes.get(pin.name, ()))
        lines.append(" \\\n    ".join((f"{pin.name}=={pin.version}", *hashes)))
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    """`text` as one printable line: what comes from metadata must not end the comment that holds it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _write(path: Path, text: str) -> tuple[Path | None, bool]:
    """Write the file unless it is there already; return the backup of a different one, and whether it was there."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return None, True
        backup = keep_backup(path)
        write_atomically(path, text)
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise LockWriteError(message) from error
    return backup, False
