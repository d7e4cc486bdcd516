"""The manifest: which members an archive has, and the SHA-256 of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from m1doctor.documents import version_words
from m1doctor.errors import UserError
from m1doctor.model.record import record

NAME = "manifest.json"
VERSION = 1
"""Of the archive's layout; what it holds has versions of its own."""
LARGEST_BYTES = 2**20
_HASH_CHARACTERS = 64


class BundleError(UserError):
    """An archive that is no bundle, or is not as its maker wrote it; the message says what is wrong with it."""


@record(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself."""

    m1doctor_version: str
    created: str
    redacted: bool
    members: dict[str, str]
    """SHA-256 in hexadecimal, by name."""


def describe(members: Mapping[str, bytes], *, m1doctor_version: str, created: str, redacted: bool) -> bytes:
    """The manifest of `members`."""
    document = {
        "bundle_version": VERSION,
        "m1doctor_version": m1doctor_version,
        "created": created,
        "redacted": redacted,
        "members": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(members.items())
        },
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def parse(content: bytes) -> Manifest:
    """Read a manifest. Raises `BundleError` for one that is none, or of a newer version (by its number)."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"its {NAME} is no JSON"
        raise BundleError(message) from error
    version = document.get("bundle_version") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        message = f"its {NAME} has no bundle_version"
        raise BundleError(message)
    if version > VERSION:
        newer = f"bundle_version {version_words(version)} is newer than {VERSION}"
        message = f"{newer}, the newest this m1doctor reads; update it"
        raise BundleError(message)
    return Manifest(
        m1doctor_version=_typed(document, "m1doctor_version", str),
        created=_typed(document, "created", str),
        redacted=_typed(document, "redacted", bool),
        members={name: _hash(name, entry) for name, entry in _typed(document, "members", dict).items()},
    )


def check(manifest: Manifest, members: Mapping[str, bytes]) -> None:
    """Hold members to their manifest. Raises `BundleError` for the first that is missing, unknown or different."""
    for name in sorted(manifest.members.keys() | members.keys()):
        if name not in members:
            message = f"its member {name!r} is missing"
        elif name not in manifest.members:
            message = f"its member {name!r} is not in its {NAME}"
        elif hashlib.sha256(members[name]).hexdigest() != manifest.members[name]:
            message = f"its member {name!r} is not what its {NAME} says (SHA-256)"
        else:
            continue
        raise BundleError(message)


def _typed(document: dict[str, Any], key: str, kind: type) -> Any:
    value = document.get(key)
    if not isinstance(value, kind):
        message = f"its {NAME} has no {key} that is a {kind.__name__}"
        raise BundleError(message)
    return value


def _hash(name: str, entry: object) -> str:
    value = entry.get("sha256") if isinstance(entry, dict) else None
    if not isinstance(value, str) or len(value) != _HASH_CHARACTERS:
        message = f"its {NAME} has no SHA-256 for {name[:100]!r}"
        raise BundleError(message)
    return value
