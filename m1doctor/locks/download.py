"""The files of a lock in a folder, so that it can be installed where there is no network.

uv fetches into its own cache, as unpacked folders; a folder of wheels is what `--find-links` and other machines take.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from m1doctor.errors import UnfinishedError
from m1doctor.locks.lock import Lock, files_of

if TYPE_CHECKING:
    from packaging.pylock import PackageSdist, PackageWheel

_AT_ONCE = 4
_CHUNK = 1024 * 1024
_SECONDS = 60.0
"""Without a byte from the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What is in the folder now."""

    fetched: int
    kept: int
    """Files that were there already, with the right content."""
    size: int
    """Bytes of all of them."""


def download(lock: Lock, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Downloaded:
    """Put every file of `lock` into `folder`; what is there already and right is kept.

    A file appears under its name only when it is whole and has the hash of the lock. Raises `UnfinishedError`, with
    what was fetched before kept for the next run.
    """
    files = [file for package in lock.packages for file in files_of(package)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            fetched = list(pool.map(lambda file: _fetch(file, folder, tell), files))
        size = sum((folder / file.filename).stat().st_size for file in files)
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror or error}"
        raise UnfinishedError(message) from error
    return Downloaded(fetched=sum(fetched), kept=len(files) - sum(fetched), size=size)


def _fetch(file: PackageWheel | PackageSdist, folder: Path, tell: Callable[[str], None]) -> bool:
    """Fetch one file; whether that was needed."""
    final = folder / file.filename
    expected = file.hashes.get("sha256")
    if final.is_file() and _sha256(final) == expected:
        return False
    tell(file.filename)
    beside = folder / f".{file.filename}.{secrets.token_hex(6)}.tmp"
    try:
        actual = _copy(file, beside)
        if actual != expected:
            message = f"{file.filename}: other bytes came than the index promised (sha256 {actual}, not {expected})"
            raise UnfinishedError(message)
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _copy(file: PackageWheel | PackageSdist, beside: Path) -> str:
    """Write the bytes of `file` to `beside`, synced, and return their SHA-256."""
    digest = hashlib.sha256()
    with _source(file) as source, beside.open("xb") as stream:
        while True:
            try:
                chunk = source.read(_CHUNK)
            except OSError as error:  # a cut connection and a time limit, too
                message = f"{file.filename}: the download broke off ({error})"
                raise UnfinishedError(message) from error
            if not chunk:
                break
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _source(file: PackageWheel | PackageSdist) -> Any:
    """The open bytes of a file, from its address or its path."""
    import http.client  # noqa: PLC0415 - only a download needs it
    import urllib.error  # noqa: PLC0415 - only a download needs it
    import urllib.request  # noqa: PLC0415 - only a download needs it

    if file.url is None:
        return Path(file.path or "").open("rb")
    if urlsplit(file.url).scheme not in ("http", "https", "file"):
        message = f"{file.filename}: its address is neither of the web nor of this disk"
        raise UnfinishedError(message)
    try:
        return urllib.request.urlopen(file.url, timeout=_SECONDS)  # noqa: S310 - the scheme was looked at
    except (OSError, http.client.HTTPException) as error:  # urllib's errors are OSErrors; their words hold no address
        message = f"{file.filename}: cannot be fetched ({getattr(error, 'reason', None) or error})"
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it is the answer, with its connection
        raise UnfinishedError(message) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
