"""Whether the installed files are still what their RECORD says: all sizes, and on request all hashes.

What installers and everyday use change is not damage: compiled files, the installer's own notes, scripts outside the
site folder, lists of certificates, and for conda, which rewrites the build prefix inside files and signs libraries
anew, every size but zero.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from m1doctor.collect.packages.distributions import Installed
from m1doctor.collect.packages.record import Row, leaves_folder
from m1doctor.model.packages import DamagedFile, FileFault

MAX_FILES_TOLD = 50
"""Damaged files kept of one distribution; the count goes on."""
_REWRITTEN = ("RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json")
"""Files of the `.dist-info` that installers write or remove after the list was made."""
_CHUNK = 1024 * 1024
_NATIVE = (".dylib", ".so")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the comparison found."""

    damaged: list[DamagedFile]
    """At most `MAX_FILES_TOLD` of each distribution, native libraries first."""
    damaged_counts: dict[str, int]
    """How many there are of each damaged distribution."""
    compared_counts: dict[str, int]
    """Files of each distribution whose content was read and compared."""


def check_files(installed: list[Installed], *, hashes: bool) -> Checked:
    """Compare every row; with `hashes`, read the files too (as fast as the disk or two cores allow)."""
    told: list[DamagedFile] = []
    counts: dict[str, int] = {}
    compared: dict[str, int] = {}
    with contextlib.ExitStack() as stack:
        descriptors: dict[Path, int] = {}
        for item in installed:
            if item.folder not in descriptors:
                descriptors[item.folder] = _open_folder(item.folder, stack)
            files = _sizes(item, descriptors[item.folder])
            if hashes:
                rows = _hashed_rows(item, {file.path for file in files})
                files += _hashes(item, rows)
                compared[item.label] = compared.get(item.label, 0) + len(rows)
            if files:
                files.sort(key=lambda file: (not file.path.endswith(_NATIVE), file.path))
                counts[item.label] = counts.get(item.label, 0) + len(files)
                told += files[:MAX_FILES_TOLD]
    return Checked(damaged=told, damaged_counts=counts, compared_counts=compared)


def _open_folder(folder: Path, stack: contextlib.ExitStack) -> int:
    """A descriptor from which the kernel walks shorter paths; -1 where there is none, and full paths serve."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return -1
    stack.callback(os.close, descriptor)
    return descriptor


def _sizes(item: Installed, descriptor: int) -> list[DamagedFile]:
    """One `stat` a file and nothing else for a file that is as recorded: this loop runs 13,000 times."""
    suspects: list[Row] = []
    status = os.stat
    for row in item.rows or ():
        try:
            size = status(row[0], dir_fd=descriptor).st_size
        except (OSError, ValueError):
            suspects.append(row)
            continue
        if row[2] != str(size) and row[2]:
            suspects.append(row)
    found = (_fault(item, row) for row in suspects)
    return [file for file in found if file is not None]


def _fault(item: Installed, row: Row) -> DamagedFile | None:
    """Look closely at a file that differs: what is wrong with it, or `None` where that is as it should be."""
    path, _, size = row
    if _may_differ(item, path):
        return None
    actual = _status(item.folder, path)
    expected = f"{size} bytes" if size else None
    if isinstance(actual, str):
        fault = FileFault.MISSING if actual == "" else FileFault.UNREADABLE
        return _damaged(item, path, fault, expected, actual or None)
    if not stat.S_ISREG(actual.st_mode):
        return _damaged(item, path, FileFault.MISSING, expected, "not a file")
    if not size.isdecimal() or not size.isascii() or len(size) > len(str(2**64)):
        return None  # a RECORD that states no size states nothing about it
    if int(size) == actual.st_size or (_by_conda(item) and actual.st_size > 0):
        return None
    return _damaged(item, path, FileFault.SIZE, expected, f"{actual.st_size} bytes")


def _damaged(item: Installed, path: str, fault: FileFault, expected: str | None, actual: str | None) -> DamagedFile:
    shown = path.encode("utf-8", "replace").decode()
    return DamagedFile(distribution=item.label, path=shown, fault=fault, expected=expected, actual=actual)


def _by_conda(item: Installed) -> bool:
    return item.distribution.installer == "conda"


def _may_differ(item: Installed, path: str) -> bool:
    """Whether a file may be absent or different without being damaged."""
    if leaves_folder(path):
        return True  # scripts beside the environment; and nobody outside the folder is ours to judge
    path = path.replace("\\", "/")
    parts = path.split("/")
    if path.endswith((".pyc", ".pyo")) or "__pycache__" in parts:
        return True
    if path.startswith(item.distribution.metadata_path) and parts[-1] in _REWRITTEN:
        return True
    if parts[-1] == "cacert.pem":
        return True  # organisations add their own certificates to it
    # Scripts are made for the interpreter at hand; `--target` installs put them elsewhere than they record.
    # What a wheel's `.data` folder holds is spread by category, and some installers record where it was.
    return parts[0] == "bin" or (parts[0].endswith(".data") and len(parts) > 1)


def _status(folder: Path, path: str) -> os.stat_result | str:
    """The file's status, an empty text where there is no such file, or why it cannot be asked."""
    for name in dict.fromkeys((path, path.replace("\\", "/"))):
        try:
            return os.stat(f"{folder}/{name}")  # noqa: PTH116 - a name of a RECORD can hold what Path refuses or mends
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return error.strerror or str(error)
        except ValueError:
            continue  # a NUL in the name: there is no such file
    return ""


def _hashed_rows(item: Installed, known: set[str]) -> list[Row]:
    """Rows whose content can be compared; `known` are damaged already, and conda rewrites what it installs."""
    if _by_conda(item):
        return []
    return [row for row in item.rows or () if row[1] and row[0] not in known and not _may_differ(item, row[0])]


def _hashes(item: Installed, rows: list[Row]) -> list[DamagedFile]:
    """Compare contents, several files side by side: `hashlib` lets other threads run while it digests."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - brings `logging`; only for `--deep`

    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        found = pool.map(lambda row: _hash_fault(item, row), rows)
        return [file for file in found if file is not None]


def _hash_fault(item: Installed, row: Row) -> DamagedFile | None:
    import base64  # noqa: PLC0415 - these bring OpenSSL, for `--deep` only
    import hashlib  # noqa: PLC0415 - as above

    path, recorded, _ = row
    name, _, value = recorded.partition("=")
    if name not in ("sha256", "sha384", "sha512"):
        return None  # md5 and sha1 may not be used in a RECORD, and an unknown hash says nothing
    digest = hashlib.new(name)
    try:
        descriptor = os.open(f"{item.folder}/{path}", os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        return _damaged(item, path, FileFault.UNREADABLE, recorded, why)
    actual = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    if actual == value.rstrip("="):
        return None
    return _damaged(item, path, FileFault.HASH, recorded, f"{name}={actual}")
