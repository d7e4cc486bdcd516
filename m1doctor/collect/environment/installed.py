"""Names and versions of what a folder has installed, from the names of its metadata folders alone."""

from __future__ import annotations

import re

from m1doctor.collect.disk import Disk
from m1doctor.model.names import normalized

_METADATA = re.compile(r"([A-Za-z0-9][\w.]*?(?:-[A-Za-z]\w*)*?)-(\d[^-]*)(?:-py\d[^-]*)?\.(?:dist-info|egg-info)")
"""``name-version.dist-info``; an old `.egg-info` may add ``-py3.9``."""


def installed_versions(disk: Disk, folder: str) -> dict[str, str]:
    """Normalized name to version of each distribution in one folder."""
    found: dict[str, str] = {}
    for name in disk.names(folder):
        if name.endswith((".dist-info", ".egg-info")):
            matched = _METADATA.fullmatch(name)
            if matched:
                found.setdefault(normalized(matched[1]), matched[2])
    return found


def modules(disk: Disk, folder: str) -> frozenset[str]:
    """Names that can be imported from one folder: packages with an `__init__.py` and single modules."""
    found = set()
    for name in disk.names(folder):
        stem, dot, suffix = name.partition(".")
        if not stem.isidentifier() or stem.startswith("_"):
            continue
        if (dot and suffix == "py") or (not dot and disk.is_file(f"{folder}/{name}/__init__.py")):
            found.add(stem)
    return frozenset(found)
