"""The lines of a file of requirements that somebody brought, with those of the files that it names by ``-r``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from m1doctor.errors import UserError
from m1doctor.locks.brought import read_text
from m1doctor.model.given_lock import LockedPackage
from m1doctor.model.names import normalized

LARGEST_BYTES = 32 * 2**20
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:===?\s*(?P<version>[^\s;,*]+)|@\s*\S+)")
TAKES_IN = re.compile(r"(?:-r\s*|--requirement[\s=]\s*)(?P<file>.+)")
"""A line that takes in another file."""
LIMITED_BY = re.compile(r"(?:-c\s*|--constraint[\s=]\s*)(?P<file>.+)")
"""A line whose file limits the versions of what is asked for, and asks for nothing itself."""
_EDITABLE = re.compile(r"(?:-e\s*|--editable[\s=]\s*).+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One logical line, without comments."""

    path: Path
    number: int
    requirement: str
    """What is asked for, or an option such as ``"-e ."``; the options that follow it are left out."""
    hashed: bool
    """Whether a hash is among them."""


def read_lines(path: Path, text: str) -> Iterator[Line]:
    """Every line of the file and of those that it names. Raises `UserError` that names a file that cannot be read."""
    return logical_lines(path, enumerate(text.splitlines(), 1), within=(path,))


def logical_lines(path: Path, lines: Iterable[tuple[int, str]], *, within: tuple[Path, ...] = ()) -> Iterator[Line]:
    """The logical lines of numbered lines that stand in `path`; `within` are the files that are being read."""
    for number, whole in joined(lines):
        yield from _line(path, number, whole, within)


def joined(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Numbered lines without comments, each with those that continue it, by the number of its first; none is empty."""
    whole, start = "", 0
    for number, line in lines:
        start = start if whole else number
        content = re.sub(r"(^|\s)#.*", "", line).strip()
        whole += content.removesuffix("\\") + " "
        if content.endswith("\\"):
            continue
        if whole.strip():
            yield start, whole.strip()
        whole = ""
    if whole.strip():
        yield start, whole.strip()


def without_options(whole: str) -> str:
    """What a line asks for, without the options such as hashes that follow it."""
    return re.split(r"\s--", whole)[0].strip()


def _line(path: Path, number: int, whole: str, within: tuple[Path, ...]) -> Iterator[Line]:
    named = TAKES_IN.fullmatch(whole)
    if named is not None:
        other = path.parent / named["file"].strip().strip("'\"")
        if other in within:
            message = f"{path}:{number}: {other.name} is read within itself"
            raise UserError(message)
        try:
            text = read_text(other, largest=LARGEST_BYTES, what="file of requirements")
        except UserError as error:
            message = f"{path}:{number}: {error}"
            raise UserError(message) from error
        yield from logical_lines(other, enumerate(text.splitlines(), 1), within=(*within, other))
    else:
        requirement = whole if whole.startswith("-") else without_options(whole)
        yield Line(path=path, number=number, requirement=requirement, hashed="--hash" in whole)


def is_option(line: Line) -> bool:
    """Whether a line tells the installer something and asks for nothing."""
    return line.requirement.startswith("-") and not _EDITABLE.fullmatch(line.requirement)


def pinned(requirement: str) -> LockedPackage | None:
    """A requirement that names one exact version or one address; `None` for any other."""
    pin, _, marker = requirement.partition(";")
    match = _PINNED.fullmatch(pin.strip())
    if match is None:
        return None
    return LockedPackage(name=normalized(match["name"]), version=match["version"], marker=marker.strip() or None)


def named(requirement: str) -> LockedPackage | None:
    """A requirement that names a package, exactly or not; `None` for a path, an address, or no requirement at all."""
    exact = pinned(requirement)
    if exact is not None:
        return exact
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - start-up

    try:
        read = Requirement(requirement)
    except InvalidRequirement:
        return None
    marker = str(read.marker) if read.marker is not None else None
    return LockedPackage(name=normalized(read.name), version=None, spec=str(read.specifier), marker=marker)
