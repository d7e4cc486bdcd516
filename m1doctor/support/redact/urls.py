"""Credentials in addresses: before the host, and in the paths of conda channels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from m1doctor.knowledge.redaction import plain_names
from m1doctor.support.redact.secret import Found, Kind, group

_USERINFO = re.compile(
    r"(?<=://)(?P<user>[^\s/\"'<>:?#]{0,256})(?::(?!\d{1,5}[/?#])(?P<password>[^\s\"'<>]{0,512}?))?@(?=(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?(?:[/?#\s\"'<>),;]|$))"
)
_CHANNEL = re.compile(r"(?<=/t/)(?P<token>[A-Za-z0-9_-]{6,})(?=/|\s|[\"']|$)")
_MASKED = re.compile(r"[*•xX.]{3,}|\$.*|%\(.*|<.*>|\{.*\}")


def find(text: str) -> Iterator[Found]:
    """User names and passwords before a host; tokens of conda channels (``/t/TOKEN/``)."""
    for match in _USERINFO.finditer(text):
        user, password = match["user"], match["password"]
        if password:
            if not _MASKED.fullmatch(password):
                yield group(match, Kind.SECRET, "password")
            if user and user.casefold() not in plain_names().nobody and not _MASKED.fullmatch(user):
                yield group(match, Kind.USER, "user")
        elif user and user.casefold() not in plain_names().nobody and not _MASKED.fullmatch(user):
            yield group(match, Kind.SECRET if _is_token(user) else Kind.USER, "user")
    for match in _CHANNEL.finditer(text):
        if not _MASKED.fullmatch(match["token"]):
            yield group(match, Kind.SECRET, "token")


def _is_token(user: str) -> bool:
    """Whether what stands alone before a host is rather a token than a name."""
    plain = unquote(user)
    return len(plain) > 20 or (len(plain) >= 12 and any(c.isdigit() for c in plain))  # noqa: PLR2004 - names are shorter
