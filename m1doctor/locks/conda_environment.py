"""Reading an `environment.yml`, ours or one that was written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from m1doctor.errors import UserError
from m1doctor.locks.conda_spec import read_spec
from m1doctor.locks.requirement_file import Line, is_option, logical_lines, named
from m1doctor.locks.yaml_file import compose
from m1doctor.model.given_lock import LockedPackage, Manager

_COMPLETE = ("--require-hashes", "--no-deps")
"""Options of pip with which it installs nothing that is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaEnvironmentFile:
    """What it asks for."""

    packages: tuple[LockedPackage, ...]
    unnamed: tuple[str, ...]
    whole: tuple[Manager, ...]
    """pip, where what it installs is all named; never conda, which brings what the named packages require."""


def read_environment(path: Path, text: str) -> CondaEnvironmentFile:
    """Read the file. Raises `UserError` that names it and the line."""
    dependencies = _dependencies(path, compose(path, text))
    packages: list[LockedPackage] = []
    lines: list[Line] = []
    for entry in dependencies.value:
        if isinstance(entry, ScalarNode):
            package = read_spec(entry.value)
            if package is None:
                _refuse(path, entry, f"{entry.value[:80]!r} is no package of conda")
            packages.append(package)
        else:
            lines += _pip_lines(path, entry)
    asked = [line for line in lines if not is_option(line)]
    found = [(line, named(line.requirement)) for line in asked]
    complete = any(line.requirement in _COMPLETE for line in lines) or (
        bool(asked) and all(line.hashed for line in asked)
    )
    return CondaEnvironmentFile(
        packages=(*packages, *(package for _, package in found if package is not None)),
        unnamed=tuple(line.requirement for line, package in found if package is None),
        whole=(Manager.PIP,) if complete else (),
    )


def _dependencies(path: Path, node: Node) -> SequenceNode:
    if not isinstance(node, MappingNode):
        _refuse(path, node, "an environment.yml is a mapping with a list of dependencies")
    found = _value(node, "dependencies")
    if found is None:
        _refuse(path, node, "there are no dependencies in it")
    if not isinstance(found, SequenceNode):
        _refuse(path, found, "dependencies is not a list")
    return found


def _value(node: MappingNode, key: str) -> Node | None:
    return next((value for name, value in node.value if isinstance(name, ScalarNode) and name.value == key), None)


def _pip_lines(path: Path, entry: Node) -> Iterator[Line]:
    """What the section ``pip:`` hands to pip, read as the file of requirements that conda writes beside this one."""
    section = _value(entry, "pip") if isinstance(entry, MappingNode) else None
    if not isinstance(section, SequenceNode):
        _refuse(path, entry, "a dependency is neither a text nor a list below pip:")
    for each in section.value:
        if not isinstance(each, ScalarNode):
            _refuse(path, each, "a line below pip: is not a text")
    numbered = ((each.start_mark.line + 1, line) for each in section.value for line in each.value.splitlines())
    yield from logical_lines(path, numbered)


def _refuse(path: Path, node: Node, why: str) -> NoReturn:
    message = f"{path}:{node.start_mark.line + 1}: not a lock: {why}"
    raise UserError(message)
