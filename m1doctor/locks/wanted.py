"""What a lock is to answer: requirement files, a `pyproject.toml`, or TensorFlow with the GPU.

uv reads the files and is the one that resolves them. Here they are read a second time, and only as far as their plain
lines go: to choose a pair that agrees with them, and to record in the lock what it answers.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from m1doctor.errors import UserError
from m1doctor.locks.brought import read_text
from m1doctor.locks.lock import Asked, Target
from m1doctor.locks.requirement_file import LIMITED_BY, TAKES_IN, joined, without_options
from m1doctor.model.names import distribution_name, normalized
from m1doctor.model.record import record

_NAME = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)
_LARGEST_BYTES = 4 * 2**20
"""Of a file of requirements."""


@record(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The question to uv, and what stands in it."""

    files: tuple[Path, ...] = ()
    """Files for uv; none where only `asked` is wanted."""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    also: tuple[str, ...] = ()
    """What uv is told to bring besides, which nobody asked for: what builds a package of it."""

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.asked)

    def names(self, name: str) -> bool:
        """Whether the package of that normalized name is asked for by any line, on whichever machine."""
        return any(distribution_name(line) == name for line in self._lines(limits=False))

    def with_own(self, *requirements: str) -> Wanted:
        """The question with what m1doctor adds by itself."""
        return replace(self, asked=(*self.asked, Asked(file=None, requirements=requirements)))

    def with_also(self, *requirements: str) -> Wanted:
        """The question with what it cannot do without."""
        return replace(self, also=requirements)

    def specifiers(self, target: Target) -> Mapping[str, str]:
        """Normalized names to the versions that are asked for on that machine, within the limits.

        The versions are PEP 440 specifiers.
        """
        from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - start-up

        found: dict[str, list[str]] = {}
        environment = markers(target)
        for limits in (False, True):
            for line in self._lines(limits=limits):
                try:
                    requirement = Requirement(line)
                except InvalidRequirement:
                    continue  # an address or a path: uv knows what to do with it
                name = normalized(requirement.name)
                if limits and name not in found:
                    continue
                if requirement.marker is None or requirement.marker.evaluate(dict(environment)):
                    found.setdefault(name, []).append(str(requirement.specifier))
        return {name: ",".join(filter(None, specifiers)) for name, specifiers in found.items()}

    def _lines(self, *, limits: bool) -> Iterator[str]:
        """What is asked for, or what limits it."""
        return (line for asked in self.asked if asked.limits is limits for line in asked.requirements)


def markers(target: Target) -> dict[str, str]:
    """The environment markers of a Mac with that Python."""
    python = target.python or ""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "posix",
        "platform_machine": target.machine or "",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Darwin",
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "darwin",
        "extra": "",
    }


def just(*requirements: str) -> Wanted:
    """What m1doctor chose by itself."""
    return Wanted().with_own(*requirements)


def read_wanted(
    files: Sequence[Path], *, extras: Sequence[str] = (), groups: Sequence[str] = (), beside: Path | None = None
) -> Wanted:
    """Read what is asked for. `beside` is the folder of the lock, from which paths are written.

    Raises `UserError` that names the file.
    """
    projects = [file for file in files if _is_project(file)]
    for option, values in (("--extra", extras), ("--group", groups)):
        if values and not projects:
            message = f"{option}: there is no pyproject.toml among the files to read it from"
            raise UserError(message)
    return Wanted(
        files=tuple(file.absolute() for file in files),
        extras=tuple(extras),
        groups=tuple(groups),
        asked=tuple(_with_nested(files, beside, extras=extras, groups=groups)),
    )


def lines_of(file: Path, *, extras: Sequence[str] = (), groups: Sequence[str] = ()) -> tuple[str, ...]:
    """What one file asks for by itself, sorted; ``-r`` with a path where it takes in another, ``-c`` where that limits.

    Raises `UserError` that names the file.
    """
    text = read_text(file, largest=_LARGEST_BYTES, what="file of requirements")
    lines = _of_project(file, text, extras, groups) if _is_project(file) else _of_requirements(text)
    return tuple(sorted(set(lines)))


def _with_nested(
    files: Sequence[Path], beside: Path | None, *, extras: Sequence[str], groups: Sequence[str]
) -> Iterator[Asked]:
    """Each file, those that it takes in and those that limit it, once each.

    What a file of limits takes in is a limit, too: uv reads it so.
    """
    waiting, seen = [(file, False) for file in files], set()
    while waiting:
        file, limits = waiting.pop(0)
        place = Path(os.path.normpath(file.absolute()))
        if (place, limits) in seen:
            continue
        seen.add((place, limits))
        options = (tuple(extras), tuple(groups)) if _is_project(file) else ((), ())
        lines = lines_of(file, extras=options[0], groups=options[1])
        shown = os.path.relpath(place, beside.absolute()) if beside is not None else str(file.absolute())
        yield Asked(file=shown, requirements=lines, extras=options[0], groups=options[1], limits=limits)
        nested = [(line[3:], limits or line.startswith("-c ")) for line in lines if line.startswith(("-r ", "-c "))]
        # An address, and a name that the environment completes, are left to uv.
        here = [(file.parent / each, limit) for each, limit in nested if not re.search(r"://|\$\{", each)]
        waiting = [*here, *waiting]


def _is_project(file: Path) -> bool:
    return file.name == "pyproject.toml"


def _of_requirements(text: str) -> Iterator[str]:
    """The requirements of a requirements file, and the files that it names; other options are left to uv."""
    for _, content in joined(enumerate(text.splitlines(), 1)):
        nested, limit = TAKES_IN.fullmatch(content), LIMITED_BY.fullmatch(content)
        if nested is not None:
            yield f"-r {nested['file'].strip()}"
        elif limit is not None:
            yield f"-c {limit['file'].strip()}"
        elif not content.startswith("-"):
            yield " ".join(without_options(content).split())


def _of_project(file: Path, text: str, extras: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The dependencies of a project with these extras and groups."""
    from packaging.dependency_groups import resolve_dependency_groups  # noqa: PLC0415 - start-up

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: {error}"
        raise UserError(message) from error
    project = document.get("project", {})
    optional = project.get("optional-dependencies", {})
    found = list(_strings(file, "project.dependencies", project.get("dependencies", [])))
    for extra in extras:
        if extra not in optional:
            message = f"--extra: {file} has no extra {extra!r} (it has {', '.join(sorted(optional)) or 'none'})"
            raise UserError(message)
        found += _strings(file, f"project.optional-dependencies.{extra}", optional[extra])
    for group in groups:
        try:
            found += resolve_dependency_groups(document.get("dependency-groups", {}), group)
        except (LookupError, ValueError, TypeError, ExceptionGroup) as error:
            message = f"--group: {file}: {' '.join(str(error).split())}"
            raise UserError(message) from error
    return found


def _strings(file: Path, key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        message = f"{file}: {key} is not a list of texts"
        raise UserError(message)
    return value
