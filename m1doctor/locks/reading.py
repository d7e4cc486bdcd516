"""Reading a lock that somebody brought: of which form it is, what it pins, and what our own comments in it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from m1doctor.errors import UserError
from m1doctor.locks.wanted import read_wanted
from m1doctor.model.given_lock import GivenLock, LockedPackage, LockForm, LockInput, Manager
from m1doctor.model.unknown import Unknown

if TYPE_CHECKING:
    from packaging.pylock import Package

LARGEST_BYTES = 32 * 2**20
"""Of a lock; a conda-lock of a thousand packages takes a megabyte."""
_TARGET = re.compile(
    r"# Target: (?P<implementation>\S+) (?P<python>\d[\w.+]*) on (?P<system>\w+)(?: (?P<machine>\w+))?"
    r"(?: \(macOS (?P<macos>[\d.]+) or later\))?"
)
_ASKED = re.compile(r"# Asked for by (?P<file>.*?)(?P<options>(?: --(?:extra|group) \S+)*):")
_OPTION = re.compile(r"--(extra|group) (\S+)")
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:===?\s*(?P<version>[^\s;,]+)|@\s*\S+)")
_CONDA_FILE = re.compile(r"(?P<name>[^/]+)-(?P<version>[^-/]+)-(?P<build>[^-/]+)(?:\.conda|\.tar\.bz2)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What our comments say."""

    target: dict[str, str | None]
    asked: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    """File, extras, groups and requirements of each source."""


def read_lock(file: str) -> GivenLock:
    """Read the lock at `file`. Raises `UserError` that names it, for one that cannot be read or is no lock."""
    path = Path(file)
    text = _read(path)
    form, packages = _packages(path, text)
    head = _head(text)
    inputs = tuple(_inputs(path, head))
    everything = tuple(line for *_, lines in head.asked for line in lines)
    unknown = {}
    if not head.asked:
        unknown["asked"] = Unknown("the lock does not say what it answers")
    for name in ("python", "system", "machine"):
        if head.target.get(name) is None:
            unknown[name] = Unknown("the lock does not say which machine it is for")
    return GivenLock(
        path=str(path.absolute()),
        form=form,
        packages=packages,
        python=head.target.get("python"),
        system=head.target.get("system"),
        machine=head.target.get("machine"),
        macos=head.target.get("macos"),
        asked=everything if head.asked else None,
        inputs=inputs,
        unknown=unknown,
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        message = f"cannot read {path}: {error.strerror or error}"
        raise UserError(message) from error
    if len(content) > LARGEST_BYTES:
        message = f"{path}: larger than any lock (more than {LARGEST_BYTES // 2**20} MiB)"
        raise UserError(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: not a lock: it is no UTF-8 text"
        raise UserError(message) from error


def _packages(path: Path, text: str) -> tuple[LockForm, tuple[LockedPackage, ...]]:
    """The form, told by the content, and the pins."""
    lines = text.splitlines()
    if any(line.strip() == "@EXPLICIT" for line in lines):
        return LockForm.EXPLICIT, tuple(_of_explicit(path, lines))
    if re.search(r"^lock-version\s*=", text, re.MULTILINE):
        return LockForm.PYLOCK, tuple(_of_pylock(path, text))
    if re.search(r"^package:", text, re.MULTILINE) and re.search(r"^metadata:", text, re.MULTILINE):
        return LockForm.CONDA_LOCK, tuple(_of_conda_lock(path, text))
    if re.search(r"^dependencies:", text, re.MULTILINE):
        message = f"{path}: an environment.yml pins nothing by itself; give the requirements file beside it"
        raise UserError(message)
    return LockForm.REQUIREMENTS, tuple(_of_requirements(path, text))


def _of_requirements(path: Path, text: str) -> Iterator[LockedPackage]:
    logical, start = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        logical, start = (logical, start) if logical else ("", number)
        content = re.sub(r"(^|\s)#.*", "", line).strip()
        logical += content.removesuffix("\\") + " "
        if content.endswith("\\"):
            continue
        requirement, logical = re.split(r"\s--", logical)[0].strip(), ""
        if requirement and not requirement.startswith("-"):
            yield _pin(path, start, requirement)


def _pin(path: Path, number: int, requirement: str) -> LockedPackage:
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - start-up

    pin, _, marker = requirement.partition(";")
    match = _PINNED.fullmatch(pin.strip())
    if match is None:
        message = f"{path}:{number}: not a lock: {requirement[:80]!r} names no exact version"
        raise UserError(message)
    return LockedPackage(name=canonicalize_name(match["name"]), version=match["version"], marker=marker.strip() or None)


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
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - start-up

    for number, line in enumerate(lines, 1):
        content = line.strip()
        pip = re.match(r"# pip (?P<name>\S+?)(?:==(?P<version>\S+)| @ (?P<url>\S+))(?:\s|$)", content)
        if pip is not None:
            wheel = (pip["url"] or "").rpartition("/")[2].split("-")
            version = pip["version"] or (wheel[1] if len(wheel) > 1 else None)
            yield LockedPackage(name=canonicalize_name(pip["name"]), version=version)
        elif content and not content.startswith(("#", "@")):
            yield _conda_file(path, number, content)


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
    try:
        import yaml  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        message = f"{path}: reading a conda-lock needs PyYAML, which is not installed: install m1doctor[conda]"
        raise UserError(message) from error
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - start-up

    try:
        document: Any = yaml.safe_load(text)
        for entry in document["package"]:
            name, manager = str(entry["name"]), Manager(entry["manager"])
            locked = LockedPackage(
                name=name if manager is Manager.CONDA else canonicalize_name(name),
                version=str(entry["version"]),
                manager=manager,
                subdir=str(entry["platform"]) if manager is Manager.CONDA else None,
            )
            match = _CONDA_FILE.search(str(entry["url"])) if manager is Manager.CONDA else None
            yield replace(locked, build=match["build"], subdir=str(entry["url"]).split("/")[-2]) if match else locked
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        message = f"{path}: not a conda-lock: {' '.join(str(error).split())[:200]}"
        raise UserError(message) from error


def _head(text: str) -> _Head:
    """Read the comments at the head of a lock of ours; a foreign one has none of them."""
    target: dict[str, str | None] = {}
    asked: list[tuple[str, tuple[str, ...], tuple[str, ...], list[str]]] = []
    collecting = False
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _ASKED.fullmatch(line)
        if match is not None:
            options = _OPTION.findall(match["options"])
            extras = tuple(value for kind, value in options if kind == "extra")
            groups = tuple(value for kind, value in options if kind == "group")
            asked.append((match["file"], extras, groups, []))
            collecting = True
        elif collecting and line.startswith("#   "):
            asked[-1][3].append(line.removeprefix("#").strip())
        else:
            collecting = False
            found = _TARGET.fullmatch(line)
            target = found.groupdict() if found is not None else target
    return _Head(
        target=target, asked=tuple((file, extras, groups, tuple(lines)) for file, extras, groups, lines in asked)
    )


def _inputs(lock: Path, head: _Head) -> Iterator[LockInput]:
    """The files that the lock answers, with what they hold now."""
    for file, extras, groups, recorded in head.asked:
        if file == "m1doctor":
            continue
        current: tuple[str, ...] | None = None
        try:
            now = read_wanted([lock.parent / file], extras=extras, groups=groups)
            current = now.asked[0].requirements
        except UserError:
            pass  # the file has moved or cannot be read: what it says now is not known
        yield LockInput(file=file, recorded=recorded, current=current)
