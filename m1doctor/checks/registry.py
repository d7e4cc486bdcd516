"""The registry: finds every check by looking into the family packages, and refuses duplicates."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.checks.check import Check

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FAMILIES = ("mac", "py", "pkg", "lnk", "lock", "tf", "mem", "perf")
"""Family packages in the order of the report: from the machine to the result."""
ENTRY_POINT_GROUP = "m1doctor.checks"
RETIRED: dict[str, str] = {}
"""Ids that were given up, and the id that took their place. An id is never used again."""


class RegistryError(Exception):
    """Two checks share an id or slug, or a check names a parent that does not exist, or parents form a ring."""


class Registry:
    """The known checks in their fixed order. Immutable after it is made."""

    def __init__(self, checks: Iterable[Check]) -> None:
        """Hold `checks` in order.

        Raises `RegistryError` for a duplicate id or slug, an unknown parent, or a ring of parents.
        """
        self._checks: dict[str, Check] = {}
        slugs: dict[str, str] = {}
        for check in checks:
            if check.id in self._checks or check.id in RETIRED:
                message = f"check id {check.id} is registered twice"
                raise RegistryError(message)
            if check.slug in slugs:
                message = f"checks {slugs[check.slug]} and {check.id} share the slug {check.slug}"
                raise RegistryError(message)
            self._checks[check.id] = check
            slugs[check.slug] = check.id
        self._judging_order = self._sorted_by_parents()

    def _sorted_by_parents(self) -> tuple[Check, ...]:
        """Parents before children, otherwise the report's order."""
        done: dict[str, Check] = {}
        open_ids: list[str] = []

        def visit(check: Check) -> None:
            if check.id in done:
                return
            if check.id in open_ids:
                message = f"checks wait for each other: {' -> '.join([*open_ids, check.id])}"
                raise RegistryError(message)
            open_ids.append(check.id)
            for parent in check.after:
                if parent not in self._checks:
                    message = f"check {check.id} comes after {parent}, which does not exist"
                    raise RegistryError(message)
                visit(self._checks[parent])
            open_ids.pop()
            done[check.id] = check

        for check in self._checks.values():
            visit(check)
        return tuple(done.values())

    def __iter__(self) -> Iterator[Check]:
        """Checks in the order of the report."""
        return iter(self._checks.values())

    def __len__(self) -> int:
        """Number of checks."""
        return len(self._checks)

    def in_judging_order(self) -> tuple[Check, ...]:
        """Checks with every parent before its children."""
        return self._judging_order

    def get(self, name: str) -> Check | None:
        """Find a check by id (any case; retired ids lead to their successor) or by slug."""
        wanted = RETIRED.get(name.upper(), name.upper())
        if wanted in self._checks:
            return self._checks[wanted]
        for check in self._checks.values():
            if check.slug == name.lower():
                return check
        return None


def built_in_checks() -> list[Check]:
    """Import every module of every family package and take its `CHECK`, ordered by family, then id.

    Raises `RegistryError` for a module without one: a file in a family package is a check.
    """
    found: list[Check] = []
    for family in FAMILIES:
        package = importlib.import_module(f"m1doctor.checks.{family}")
        members: list[Check] = []
        for module in pkgutil.iter_modules(package.__path__):
            check = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "CHECK", None)
            if not isinstance(check, Check):
                message = f"m1doctor/checks/{family}/{module.name}.py has no CHECK"
                raise RegistryError(message)
            members.append(check)
        found += sorted(members, key=lambda check: check.id)
    return found


def load() -> tuple[Registry, tuple[str, ...]]:
    """The registry of this installation: our own checks and those of other distributions.

    Returns it with a sentence for each third-party offer that had to be left out.
    """
    own = built_in_checks()
    foreign, broken = third_party_checks()
    registry = Registry(own)
    for check in foreign:
        try:
            registry = Registry([*registry, check])
        except RegistryError as error:
            broken.append(f"third-party check {check.id} ({check.slug}) is left out: {error}")
    return registry, tuple(broken)


def third_party_checks(points: Iterable[EntryPoint] | None = None) -> tuple[list[Check], list[str]]:
    """Load the checks that other distributions offer under the entry point group `m1doctor.checks`.

    An entry point names a `Check` or an iterable of them. Returns the checks and, for each entry point that could not
    be loaded, a sentence saying which and why: another's broken package must not take the examination along.
    """
    found: list[Check] = []
    broken: list[str] = []
    for point in _entry_points() if points is None else points:
        try:
            offered = point.load()
            offered = [offered] if isinstance(offered, Check) else list(offered)
        except Exception as error:  # noqa: BLE001 - whatever a foreign module raises is its own fault, told as such
            broken.append(f"checks of entry point {point.name} ({point.value}) cannot be loaded: {error!r}")
            continue
        for check in offered:
            if isinstance(check, Check):
                found.append(check)
            else:
                broken.append(f"entry point {point.name} ({point.value}) offers {check!r}, which is not a Check")
    return found, broken


def _entry_points() -> Iterable[EntryPoint]:
    """The entry points of our group, as `importlib.metadata` finds them.

    That module takes as long to import as all our checks, and next to nobody has any: it is asked only where some
    installed distribution names the group at all.
    """
    if not any(_names_our_group(folder) for folder in sys.path):
        return ()
    from importlib.metadata import entry_points  # noqa: PLC0415

    return entry_points(group=ENTRY_POINT_GROUP)


def _names_our_group(folder: str) -> bool:
    """Whether a distribution in a folder of the search path has our group; a zip archive always may."""
    path = Path(folder or ".")
    if not path.is_dir():
        return path.is_file()
    try:
        names = os.listdir(path)  # noqa: PTH208 - names are what is wanted
    except OSError:
        return False  # nor would `importlib.metadata` find anything there
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            try:
                if ENTRY_POINT_GROUP.encode() in (path / name / "entry_points.txt").read_bytes():
                    return True
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                return True
    return False
