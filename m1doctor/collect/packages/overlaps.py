"""Files that two distributions of one folder both record: the later install has overwritten the earlier."""

from __future__ import annotations

from collections import defaultdict

from m1doctor.collect.packages.distributions import Installed
from m1doctor.model.packages import Overlap

MAX_PATHS_TOLD = 10
_HARMLESS_FOLDERS = ("bin", "tests", "test", "docs", "examples", "share", "scripts", "tools", "etc", "..")
"""Top folders that careless packages share; nothing imports from them."""


def find_overlaps(installed: list[Installed]) -> list[Overlap]:
    """Find the pairs, by folder. Files that are the same in both (an `__init__.py` of a namespace) do no harm."""
    by_folder: dict[str, list[Installed]] = defaultdict(list)
    for item in installed:
        if item.rows is not None:
            by_folder[item.distribution.folder].append(item)
    found = []
    for folder, items in by_folder.items():
        seen: set[str] = set()
        shared: set[str] = set()
        for item in items:
            paths = {row[0] for row in item.rows or ()}
            shared |= seen & paths
            seen |= paths
        if shared:
            found += _pairs(folder, items, shared)
    return found


def _pairs(folder: str, items: list[Installed], shared: set[str]) -> list[Overlap]:
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in items:
        for path, digest, _ in item.rows or ():
            if path in shared:
                owners[path].append((item.label, digest))
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, claims in owners.items():
        if _matters(path) and not _same(path, {digest for _, digest in claims}):
            groups[tuple(sorted({label for label, _ in claims}))].append(path)
    return [
        Overlap(
            folder=folder,
            owners=labels,
            paths=tuple(
                path.encode("utf-8", "replace").decode()
                for path in sorted(paths, key=lambda path: (not path.endswith((".dylib", ".so")), path))[
                    :MAX_PATHS_TOLD
                ]
            ),
            count=len(paths),
        )
        for labels, paths in sorted(groups.items())
        if len(labels) > 1
    ]


def _matters(path: str) -> bool:
    top, slash, _ = path.partition("/")
    return bool(slash) and top not in _HARMLESS_FOLDERS and not path.endswith(".pyc") and ".dist-info/" not in path


def _same(path: str, digests: set[str]) -> bool:
    """Whether all claims are to one content; records without hashes are believed for an `__init__.py` only."""
    return len(digests) == 1 and (digests != {""} or path.endswith("/__init__.py"))
