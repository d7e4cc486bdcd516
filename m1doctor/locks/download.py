"""The files of a lock in a folder, so that it can be installed where there is no network.

uv fetches into its own cache, as unpacked folders; a folder of wheels is what `--find-links` and other machines take.
requests fetches them: it knows proxies, netrc, and how both are named.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from m1doctor.errors import UnfinishedError
from m1doctor.locks.credentials import Credentials, credentials_of, realm
from m1doctor.locks.lock import Lock, files_of

if TYPE_CHECKING:
    import requests
    from packaging.pylock import PackageSdist, PackageWheel

_AT_ONCE = 4
_BESIDE = ".m1doctor.tmp"
"""How the name of a file ends that is not whole yet."""
_UNKNOWN = (401, 403, 407)
"""Statuses that ask who it is."""
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


def download(
    lock: Lock, folder: Path, tell: Callable[[str], None] = lambda _: None, *, environ: Mapping[str, str] = os.environ
) -> Downloaded:
    """Put every file of `lock` into `folder`; what is there already and right is kept.

    A file appears under its name only when it is whole and has the hash of the lock; what a run that was killed left
    half done is removed. Raises `UnfinishedError`, with what was fetched before kept for the next run. `environ` says
    where the user's index is, for the credentials in its address.
    """
    files = [file for package in lock.packages for file in files_of(package)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            for left in folder.glob(f".*{_BESIDE}"):
                left.unlink(missing_ok=True)
            known = credentials_of(environ)
            bundle = environ.get("SSL_CERT_FILE")
            with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
                fetched = list(pool.map(lambda file: _fetch(file, folder, tell, known, bundle), files))
        size = sum((folder / file.filename).stat().st_size for file in files)
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror or error}"
        raise UnfinishedError(message) from error
    return Downloaded(fetched=sum(fetched), kept=len(files) - sum(fetched), size=size)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second run out of the folder: it would take what the first writes for what a dead one left."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{folder}: another download into it is under way"
            raise UnfinishedError(message) from error
        except OSError:
            pass  # some network file systems lock nothing
        yield
    finally:
        os.close(handle)


def _fetch(
    file: PackageWheel | PackageSdist,
    folder: Path,
    tell: Callable[[str], None],
    known: Mapping[str, Credentials],
    bundle: str | None,
) -> bool:
    """Fetch one file; whether that was needed."""
    final = folder / file.filename
    expected = file.hashes.get("sha256")
    if final.is_file() and _sha256(final) == expected:
        return False
    tell(file.filename)
    beside = folder / f".{file.filename}.{secrets.token_hex(6)}{_BESIDE}"
    try:
        actual = _write(_chunks(file, known, bundle), beside)
        if actual != expected:
            message = f"{file.filename}: other bytes came than the index promised (sha256 {actual}, not {expected})"
            raise UnfinishedError(message)
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _write(chunks: Iterator[bytes], beside: Path) -> str:
    """Write the bytes to `beside`, synced, and return their SHA-256."""
    digest = hashlib.sha256()
    with beside.open("xb") as stream:
        for chunk in chunks:
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _chunks(file: PackageWheel | PackageSdist, known: Mapping[str, Credentials], bundle: str | None) -> Iterator[bytes]:
    """The bytes of a file, from its address or its path."""
    scheme = urlsplit(file.url).scheme if file.url is not None else "file"
    if scheme == "file":
        yield from _of_disk(file)
    elif file.url is not None and scheme in ("http", "https"):
        yield from _of_web(file.filename, file.url, known.get(realm(file.url)), bundle)
    else:
        message = f"{file.filename}: its address is neither of the web nor of this disk"
        raise UnfinishedError(message)


def _of_disk(file: PackageWheel | PackageSdist) -> Iterator[bytes]:
    path = file.path or "" if file.url is None else url2pathname(urlsplit(file.url).path)
    try:
        with Path(path).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as error:
        message = f"{file.filename}: cannot be read ({error.strerror or error})"
        raise UnfinishedError(message) from error


def _of_web(name: str, url: str, credentials: Credentials | None, bundle: str | None) -> Iterator[bytes]:
    import requests  # noqa: PLC0415 - 0.2 s, and only a download needs it

    try:
        with requests.Session() as session:
            session.verify = bundle or True
            session.headers["Accept-Encoding"] = "identity"  # the hash is that of the bytes as they lie on the index
            # Without credentials requests looks into netrc.
            with session.get(url, auth=credentials, timeout=_SECONDS, stream=True) as answer:
                answer.raise_for_status()
                yield from answer.iter_content(_CHUNK)
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
        message = f"{name}: the download broke off"
        raise UnfinishedError(message) from error
    except requests.RequestException as error:  # its words hold addresses, and these may hold passwords
        message = f"{name}: cannot be fetched ({_why(error)})"
        raise UnfinishedError(message) from error


def _why(error: requests.RequestException) -> str:
    import requests  # noqa: PLC0415 - as above

    if isinstance(error, requests.HTTPError) and error.response is not None:
        status = error.response.status_code
        wants = ": the index wants a name and a password, from netrc or in its address" if status in _UNKNOWN else ""
        return f"HTTP status {status}{wants}"
    words = (
        (requests.exceptions.ProxyError, "the proxy does not answer or refuses"),
        (requests.exceptions.SSLError, "its certificate is not trusted; SSL_CERT_FILE names others to trust"),
        (requests.Timeout, f"no answer within {_SECONDS:.0f} s"),
        (requests.ConnectionError, "no connection"),
    )
    return next((text for kind, text in words if isinstance(error, kind)), "its address or an answer is not valid")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
