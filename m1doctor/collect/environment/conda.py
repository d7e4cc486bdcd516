"""Conda prefixes, read from `conda-meta` without conda."""

from __future__ import annotations

import re

from m1doctor.collect.disk import Disk, absolute
from m1doctor.model.interpreter import CondaEnvironment

_PYTHON_RECORD = re.compile(r"python-(\d+\.\d+\.[^-]+)-([^-]+)\.json")
"""File name of a record: name, version and build of the package."""
_MAX_RECORD_BYTES = 16 * 1024 * 1024
"""A record of the python package lists some 4,000 files: about 1 MB."""


def read_conda_environment(disk: Disk, prefix: str) -> CondaEnvironment | None:
    """Describe the conda prefix at `prefix`; `None` where there is no `conda-meta`.

    The subdir is that of the python package; in an environment without Python, of any package.
    """
    folder = absolute("conda-meta", prefix)
    if not disk.is_folder(folder):
        return None
    names = [name for name in disk.names(folder) if name.endswith(".json")]
    python = next((name for name in names if _PYTHON_RECORD.fullmatch(name)), None)
    version = build = subdir = None
    if python is not None:
        matched = _PYTHON_RECORD.fullmatch(python)
        version, build = matched.groups() if matched else (None, None)
        subdir = record_subdir(disk.text(f"{folder}/{python}", _MAX_RECORD_BYTES) or "")
    else:
        for name in names[:50]:
            subdir = record_subdir(disk.text(f"{folder}/{name}", _MAX_RECORD_BYTES) or "")
            if subdir not in (None, "noarch"):
                break
    return CondaEnvironment(
        prefix=prefix,
        subdir=None if subdir == "noarch" else subdir,
        python_build=build,
        python_version=version,
    )


def record_subdir(text: str) -> str | None:
    """The platform of one record: its ``"subdir"``, in old records the folder of its ``"channel"`` or ``"url"``."""
    import json  # noqa: PLC0415 - for conda environments only

    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    subdir = record.get("subdir")
    if isinstance(subdir, str) and subdir:
        return subdir
    for key in ("url", "channel"):
        value = record.get(key)
        if isinstance(value, str):
            found = re.search(r"/((?:osx|linux|win|noarch)(?:-[a-z0-9]+)?)(?:/|$)", value)
            if found:
                return found[1]
    return None
