"""Reading a lock that somebody brought: of which form it is, what it pins, and what our own comments in it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.errors import UserError
from m1doctor.locks.brought import read_text
from m1doctor.locks.lock import OURSELVES, Asked
from m1doctor.locks.requirement_file import is_option, pinned, read_lines
from m1doctor.locks.wanted import lines_of
from m1doctor.locks.yaml_file import load
from m1doctor.model.given_lock import GivenLock, LockedPackage, LockForm, LockInput, Manager
from m1doctor.model.names import normalized
from m1doctor.model.unknown import Unknown

if TYPE_CHECKING:
    from packaging.pylock import Package

LARGEST_BYTES = 32 * 2**20
"""Of a lock; a conda-lock of a thousand packages takes a megabyte."""
_TARGET = re.compile(
    r"# Target: (?P<implementation>\S+) (?P<python>\d[\w.+]*) on (?P<system>\w+)(?: (?P<machine>\w+))?"
    r"(?: \(macOS (?P<macos>[\d.]+) or later\))?"
)
_ASKED = re.compile(r"# (?P<how>Asked for|Limited) by (?P<file>.*?)(?P<options>(?: --(?:extra|group) \S+)*):")
_OPTION = re.compile(r"--(extra|group) (\S+)")
_CONDA_FILE = re.compile(r"(?P<name>[^/]+)-(?P<version>[^-/]+)-(?P<build>[^-/]+)(?:\.conda|\.tar\.bz2)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What our comments say."""

    target: dict[str, str | None]
    asked: tuple[Asked, ...]
    """Each source of requirements and of limits, as the lock was made for it."""


def read_lock(file: str) -> GivenLock:
    """Read the lock at `file`. Raises `UserError` that names it, for one that cannot be read or is no lock."""
    path = Path(file)
    text = read_text(path, largest=LARGEST_BYTES, what="lock")
    body = _body(path, text)
    head = _head(text)
    inputs = tuple(_inputs(path, head))
    everything = tuple(line for asked in head.asked if not asked.limits for line in asked.requirements)
    unknown = {}
    if not head.asked:
        unknown["asked"] = Unknown("the lock does not say what it answers")
    target = {"python": _python_of(body), **{name: value for name, value in head.target.items() if value is not None}}
    for name in ("python", "system", "machine"):
        if target.get(name) is None:
            unknown[name] = Unknown("the lock does not say which machine it is for")
    return GivenLock(
        path=str(path.absolute()),
        form=body.form,
        packages=body.packages,
        unnamed=body.unnamed,
        whole=body.whole,
        python=target.get("python"),
        system=target.get("system"),
        machine=target.get("machine"),
        macos=target.get("macos"),
        asked=everything if head.asked else None,
        inputs=inputs,
        unknown=unknown,
    )


def _python_of(body: _Body) -> str | None:
    """The version of the Python that conda is to install; one without a minor says too little."""
    return next(
        (each.version for each in body.packages if each.manager is Manager.CONDA and each.name == "python"), None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What stands below the comments."""

    form: LockForm
    packages: tuple[LockedPackage, ...]
    unnamed: tuple[str, ...] = ()
    whole: tuple[Manager, ...] = (Manager.PIP, Manager.CONDA)


def _body(path: Path, text: str) -> _Body:
    """The form, told by the content, and the pins."""
    lines = text.splitlines()
    if any(line.strip() == "@EXPLICIT" for line in lines):
        return _Body(form=LockForm.EXPLICIT, packages=tuple(_of_explicit(path, lines)))
    if re.search(r"^lock-version\s*=", text, re.MULTILINE):
        return _Body(form=LockForm.PYLOCK, packages=tuple(_of_pylock(path, text)))
    if re.search(r"^package:", text, re.MULTILINE) and re.search(r"^metadata:", text, re.MULTILINE):
        return _Body(form=LockForm.CONDA_LOCK, packages=tuple(_of_conda_lock(path, text)))
    if path.suffix in (".yml", ".yaml") or re.search(r"^dependencies:", text, re.MULTILINE):
        from m1doctor.locks.conda_environment import read_environment  # noqa: PLC0415 - start-up

        found = read_environment(path, text)
        return _Body(form=LockForm.ENVIRONMENT, packages=found.packages, unnamed=found.unnamed, whole=found.whole)
    return _of_requirements(path, text)


def _of_requirements(path: Path, text: str) -> _Body:
    packages: list[LockedPackage] = []
    unnamed: list[str] = []
    for line in read_lines(path, text):
        package = pinned(line.requirement)
        if package is not None:
            packages.append(package)
        elif not line.requirement.startswith("-"):
            message = f"{line.path}:{line.number}: not a lock: {line.requirement[:80]!r} names no exact version"
            raise UserError(message)
        elif not is_option(line):
            unnamed.append(line.requirement)
    return _Body(form=LockForm.REQUIREMENTS, packages=tuple(packages), unnamed=tuple(unnamed))


def _of_pylock(path: Path, text: str) -> Iterator[LockedPackage]:
    import tomllib  # noqa: PLC0415 - start-up

    from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError  # noqa: PLC0415

    try:
        packages = Pylock.from_dict(tomllib.loads(text)).packages
    except (tomllib.TOMLDecodeError, PylockValidationError, PylockUnsupportedVersionError) as error:
        message = f"{path}: not a lock: {error}"
        raise UserError(message) from error
    for package in packages:
        yield LockedPackage(
            name=package.name,
            version=str(package.version) if package.version is not None else None,
            marker=str(package.marker) if package.marker is not None else None,
            tags=tuple(_tags(package)),
        )


def _tags(package: Package) -> Iterator[str]:
    """The tags of each wheel as its name writes them."""
    for wheel in package.wheels or ():
        yield "-".join(wheel.filename.removesuffix(".whl").split("-")[-3:])


def _of_explicit(path: Path, lines: list[str]) -> Iterator[LockedPackage]:
    for number, line in enumerate(lines, 1):
        content = line.strip()
        pip = re.match(r"# pip (?P<name>\S+?)(?:==(?P<version>\S+)| @ (?P<url>\S+))(?:\s|$)", content)
        if pip is not None:
            version = pip["version"] or _version_in((pip["url"] or "").rpartition("/")[2])
            yield LockedPackage(name=normalized(pip["name"]), version=version)
        elif content and not content.startswith(("#", "@")):
            yield _conda_file(path, number, content)


def _version_in(filename: str) -> str | None:
    """The version in the name of a wheel, or of a source distribution."""
    if filename.endswith(".whl"):
        return filename.split("-")[1] if "-" in filename else None
    return filename.removesuffix(".tar.gz").removesuffix(".zip").rpartition("-")[2] or None


def _conda_file(path: Path, number: int, line: str) -> LockedPackage:
    address = line.partition("#")[0]
    match = _CONDA_FILE.search(address)
    if match is None or "/" not in address:
        message = f"{path}:{number}: not a lock: {line[:80]!r} is no address of a conda package"
        raise UserError(message)
    return LockedPackage(
        name=match["name"],
        version=match["version"],
        manager=Manager.CONDA,
        build=match["build"],
        subdir=address.split("/")[-2],
    )


def _of_conda_lock(path: Path, text: str) -> Iterator[LockedPackage]:
    document = load(path, text)
    try:
        for entry in document["package"]:
            name, manager = str(entry["name"]), Manager(entry["manager"])
            locked = LockedPackage(
                name=name if manager is Manager.CONDA else normalized(name),
                version=str(entry["version"]),
                manager=manager,
                subdir=str(entry["platform"]) if manager is Manager.CONDA else None,
            )
            match = _CONDA_FILE.search(str(entry["url"])) if manager is Manager.CONDA else None
            yield replace(locked, build=match["build"], subdir=str(entry["url"]).split("/")[-2]) if match else locked
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path}: not a conda-lock: {' '.join(str(error).split())[:200]}"
        raise UserError(message) from error


def _head(text: str) -> _Head:
    """Read the comments at the head of a lock of ours; a foreign one has none of them."""
    target: dict[str, str | None] = {}
    asked: list[tuple[Asked, list[str]]] = []
    collecting = False
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _ASKED.fullmatch(line)
        if match is not None:
            options = _OPTION.findall(match["options"])
            extras = tuple(value for kind, value in options if kind == "extra")
            groups = tuple(value for kind, value in options if kind == "group")
            file = None if match["file"] == OURSELVES else match["file"]
            limits = match["how"] == "Limited"
            asked.append((Asked(file=file, requirements=(), extras=extras, groups=groups, limits=limits), []))
            collecting = True
        elif collecting and line.startswith("#   "):
            asked[-1][1].append(line.removeprefix("#").strip())
        else:
            collecting = False
            found = _TARGET.fullmatch(line)
            target = found.groupdict() if found is not None else target
    return _Head(target=target, asked=tuple(replace(source, requirements=tuple(lines)) for source, lines in asked))


def _inputs(lock: Path, head: _Head) -> Iterator[LockInput]:
    """The files that the lock answers, with what they hold now."""
    for asked in head.asked:
        if asked.file is None:
            continue
        current: tuple[str, ...] | None = None
        with suppress(UserError):  # the file has moved or cannot be read: what it says now is not known
            current = lines_of(lock.parent / asked.file, extras=asked.extras, groups=asked.groups)
        yield LockInput(file=asked.file, recorded=asked.requirements, current=current)
