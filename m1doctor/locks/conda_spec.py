"""What one line of conda's `dependencies` pins.

The grammar is conda's "match specification": ``numpy``, ``numpy=1.26`` (any 1.26), ``numpy==1.26.4``,
``numpy=1.26.4=py312h_0``, ``numpy >=1.26,<2``, ``conda-forge::numpy[version='1.26.*', build=py312*]``.
The tests hold this reading to py-rattler's, which has a hundred megabytes and is an extra.
"""

from __future__ import annotations

import re
from dataclasses import replace

from m1doctor.model.given_lock import LockedPackage, Manager

_SPEC = re.compile(
    r"(?:(?P<channel>[^\s\[\]]*?)(?::[^\s:\[\]]*)?::)?"
    r"(?P<name>[A-Za-z0-9_][\w.-]*)\s*"
    r"(?P<constraint>[^\[\]]*?)\s*"
    r"(?:\[(?P<brackets>[^\[\]]*)\])?"
)
_BRACKET = re.compile(
    r"""\s*(?P<key>\w+)\s*=\s*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^,'"\s]+))\s*(?:,|$)"""
)
_SUBDIR = re.compile(r"(?:^|/)((?:osx|linux|win)-[a-z0-9]+|noarch)$")
_PART = r"[A-Za-z0-9*][A-Za-z0-9_.!+*-]*"
_ONE = re.compile(rf"(?P<equals>={{0,2}})\s*(?P<version>{_PART})(?:(?:=|\s+)(?P<build>[^\s=]+))?")


def read_spec(text: str) -> LockedPackage | None:
    """The package and what is asked of it; `None` for what names no package."""
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        return None
    inside = _brackets(match["brackets"] or "")
    if inside is None:
        return None
    subdir = inside.get("subdir") or next(iter(_SUBDIR.findall(match["channel"] or "")), None)
    constraint = match["constraint"] or inside.get("version", "")
    package = LockedPackage(name=match["name"].lower(), version=None, manager=Manager.CONDA, subdir=subdir)
    return _constrained(package, constraint, inside.get("build"))


def _brackets(text: str) -> dict[str, str] | None:
    """The keys and values between brackets; `None` where it is anything else."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _BRACKET.match(text, at)
        if match is None:
            return None
        found[match["key"]] = match["single"] or match["double"] or match["bare"] or ""
        at = match.end()
    return found


def _constrained(package: LockedPackage, constraint: str, build: str | None) -> LockedPackage | None:
    match = _ONE.fullmatch(constraint or "*")
    if match is None:
        is_range = constraint[0] in "<>=!~(^" or re.search(r"[|,]", constraint) is not None
        return replace(package, spec=constraint) if is_range else None
    version, build = match["version"], match["build"] or build
    start = version.rstrip("*").rstrip(".")
    if start == "":
        return replace(package, spec="", build=_exact(build))
    if "*" in start:
        return replace(package, spec=constraint)
    fuzzy = start != version or (match["equals"] == "=" and match["build"] is None)
    return replace(package, version=start, fuzzy=fuzzy, build=_exact(build))


def _exact(build: str | None) -> str | None:
    """A build string; a pattern pins none."""
    return None if build is None or re.search(r"[*^$|<>]", build) else build
