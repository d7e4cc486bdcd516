"""Whether conda's files are what its records say: `conda-meta` keeps the hash that each file has in this prefix."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from m1doctor.collect.packages.distributions import read_bounded
from m1doctor.collect.packages.integrity import MAX_FILES_TOLD
from m1doctor.model.packages import DamagedFile, FileFault

_MAX_RECORD_BYTES = 32 * 1024 * 1024


def check_conda_files(prefix: Path) -> tuple[list[DamagedFile], dict[str, int]]:
    """Read and compare every file of every record; at most `MAX_FILES_TOLD` of a package are told.

    The second value is how many files of each package have a hash to be compared with.

    Files without a hash, links, and what Python compiles are left out. A record that cannot be read tells nothing.
    """
    import json  # noqa: PLC0415 - for conda environments only

    found: list[DamagedFile] = []
    compared: dict[str, int] = {}
    for path in sorted((prefix / "conda-meta").glob("*.json")):
        try:
            document: Any = json.loads(read_bounded(path, _MAX_RECORD_BYTES))
            label = f"{document['name']} {document['version']}"
            entries = [entry for entry in document["paths_data"]["paths"] if isinstance(entry, dict)]
        except (ValueError, RecursionError, KeyError, TypeError):
            continue
        compared[label] = sum(_is_hashed(entry) for entry in entries)
        faults = (_fault(prefix, label, entry) for entry in entries)
        found += [fault for fault in faults if fault is not None][:MAX_FILES_TOLD]
    return found, compared


def _is_hashed(entry: dict[str, Any]) -> bool:
    name, hashed = entry.get("_path"), entry.get("sha256_in_prefix") or entry.get("sha256")
    compiled = not isinstance(name, str) or name.endswith((".pyc", ".pyo"))
    return not compiled and isinstance(hashed, str) and entry.get("path_type") != "softlink"


def _fault(prefix: Path, label: str, entry: dict[str, Any]) -> DamagedFile | None:
    import hashlib  # noqa: PLC0415 - brings OpenSSL, for `--deep` only

    name = entry.get("_path")
    expected = entry.get("sha256_in_prefix") or entry.get("sha256")
    if not isinstance(name, str) or name.endswith((".pyc", ".pyo")) or ".." in Path(name).parts:
        return None
    if entry.get("path_type") == "softlink" or not isinstance(expected, str):
        there = os.path.lexists(prefix / name)
        return None if there else DamagedFile(distribution=label, path=name, fault=FileFault.MISSING)
    fault, actual = FileFault.HASH, None
    try:
        with (prefix / name).open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        fault = FileFault.MISSING
    except OSError as error:
        fault, actual = FileFault.UNREADABLE, error.strerror
    if actual == expected:
        return None
    return DamagedFile(distribution=label, path=name, fault=fault, expected=expected, actual=actual)
