"""Names and passwords that stand in the addresses of the user's indexes.

uv takes them out of the addresses of files, which it writes; so they are looked up again by where a file lies. netrc is
left to the library that fetches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

Credentials = tuple[str, str]
"""Name and password."""

_INDEXES = ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
"""The settings of uv that hold addresses, in the order in which uv looks."""


def credentials_of(environ: Mapping[str, str]) -> dict[str, Credentials]:
    """Credentials by realm, from the settings of uv; the first of a realm counts."""
    found: dict[str, Credentials] = {}
    for name, address in _indexes(environ):
        credentials = _inside(address) or _named(environ, name)
        if credentials is not None:
            found.setdefault(realm(address), credentials)
    return found


def realm(address: str) -> str:
    """Scheme, host and port, within which credentials are valid: ``"https://host:443"``."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname or ''}:{port}"


def _indexes(environ: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    """The name of each index, where it has one, and its address."""
    for setting in _INDEXES:
        for entry in environ.get(setting, "").split():
            name, equals, address = entry.partition("=")
            yield (name, address) if equals and re.fullmatch(r"[\w.-]+", name) else (None, entry)


def _inside(address: str) -> Credentials | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username is not None else None


def _named(environ: Mapping[str, str], name: str | None) -> Credentials | None:
    """Those that uv reads for the index of that name."""
    if name is None:
        return None
    key = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
    user, password = environ.get(f"{key}_USERNAME"), environ.get(f"{key}_PASSWORD")
    return (user or "", password or "") if user is not None or password is not None else None
