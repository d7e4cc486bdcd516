"""The file itself: written the same for the same members, and opened without trust."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping

from m1doctor.support.bundle.manifest import LARGEST_BYTES, NAME, BundleError, Manifest, check, parse

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 1200
LARGEST_MEMBER_BYTES = 64 * 2**20
LARGEST_TOTAL_BYTES = 128 * 2**20
"""Unpacked. A bundle of a full TensorFlow environment takes about a hundredth of this."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip archive can name: the time of day is no fact."""
_MODE = stat.S_IFREG | 0o644
_UNIX = 3
_LEVEL = 9
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,79}/){0,3}[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(?:json|md|html|txt)")
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
    MemoryError,
)
"""What `zipfile` raises for archives that are none."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """The archive of `members`: sorted, without times, so that the same members give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            archive.writestr(entry, content)
    return target.getvalue()


def unpack(content: bytes) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and the members of an archive, all of them checked; nothing is written anywhere.

    Raises `BundleError` for anything but an archive as `pack` makes it and its manifest describes it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _vetted(archive.infolist())
            members = {name: _read(archive, entry) for name, entry in entries.items()}
    except _BROKEN as error:
        message = f"a damaged zip archive ({_reason(error)})"
        raise BundleError(message) from error
    described = members.pop(NAME, None)
    if described is None:
        message = f"a zip archive without a {NAME}, so no bundle of m1doctor"
        raise BundleError(message)
    if len(described) > LARGEST_BYTES:
        message = f"its {NAME} is larger than any ({LARGEST_BYTES} bytes)"
        raise BundleError(message)
    manifest = parse(described)
    check(manifest, members)
    return manifest, members


def _vetted(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, once none of them can do harm."""
    if len(entries) > MOST_MEMBERS:
        message = f"it has {len(entries)} members, more than any bundle ({MOST_MEMBERS})"
        raise BundleError(message)
    vetted: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        reason = _why_refused(entry)
        if entry.filename in vetted:
            reason = "is there twice"
        if reason is not None:
            message = f"its member {entry.orig_filename[:100]!r} {reason}"
            raise BundleError(message)
        vetted[entry.filename] = entry
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL_BYTES:
        message = f"it unpacks to more than any bundle ({LARGEST_TOTAL_BYTES // 2**20} MiB)"
        raise BundleError(message)
    return vetted


def _why_refused(entry: zipfile.ZipInfo) -> str | None:
    mode = entry.external_attr >> 16
    reasons = {
        "is a link": stat.S_ISLNK(mode),
        "is no file": entry.filename.endswith("/") or (stat.S_IFMT(mode) != 0 and not stat.S_ISREG(mode)),
        "has a name that no bundle has": entry.orig_filename != entry.filename or not _NAME.fullmatch(entry.filename),
        "is encrypted": bool(entry.flag_bits & _ENCRYPTED),
        "is compressed in a way that no bundle is": entry.compress_type
        not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
        f"unpacks to more than any ({LARGEST_MEMBER_BYTES // 2**20} MiB)": entry.file_size > LARGEST_MEMBER_BYTES,
    }
    return next((reason for reason, given in reasons.items() if given), None)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content of a member, of no more bytes than it says to have."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        message = f"its member {entry.filename!r} has another size than it says"
        raise BundleError(message)
    if content.startswith(MAGIC):
        message = f"its member {entry.filename!r} is another archive"
        raise BundleError(message)
    return content


def _reason(error: Exception) -> str:
    """The first words of an error, in one printable line."""
    words = " ".join(str(error).split()) or type(error).__name__
    return "".join(character for character in words if character.isprintable())[:120]
