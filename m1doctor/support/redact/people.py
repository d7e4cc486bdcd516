"""User names and full names, where a machine prints them beside a label, a prompt, a file or a process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import plain_names, secret_keys
from m1doctor.support.redact.keyed import Form, Pair, pairs, squeezed
from m1doctor.support.redact.secret import Found, Kind, group, hits

_VARIABLES = frozenset({"USER", "LOGNAME", "USERNAME", "SUDO_USER", "NB_USER", "LNAME"})
_NAME = r"[^\W\d][\w.-]*"
_PROMPT = re.compile(
    rf"(?m)^[ \t]*(?:\([^)\n]*\)[ \t]*)?\[?(?P<name>{_NAME})@[\w.-]+"
    r"(?::|[ \t]+)[~/\w][^\n]{0,80}?[%$#\u276f>](?:\s|$)"
)
_LISTED = re.compile(
    rf"(?m)^[-dlbcps][rwxsStT-]{{9}}[@+.]?\s+\d+\s+(?P<name>{_NAME})\s+(?:staff|admin|wheel|{_NAME})\s+\d"
)
_PROCESS = re.compile(rf"(?m)^(?P<name>{_NAME})\s+\d{{1,7}}\s+\d+\.\d\s+\d+\.\d\s")
_ID = re.compile(rf"\buid=\d+\((?P<name>{_NAME})\)")
_WITH_SHORT = re.compile(r"(?P<full>[^()\n]+?)\s*\((?P<short>[^()\s]+)\)")
_BEFORE_ADDRESS = re.compile(r"(?P<name>[^\W\d_][\w.'-]{0,40}(?: [^\W\d_][\w.'-]{0,40}){1,3}) ?<[^<>\s@]{1,64}@")
"""A full name before an e-mail address, as git, patches and letters write it."""
_SSH = re.compile(rf"(?m)^[ \t]+User[ \t]+(?P<name>{_NAME})[ \t]*$")
_NOT_A_NAME = re.compile(r"[\d.]+|(?:true|yes|false|no|on|off)", re.IGNORECASE)


def find(text: str) -> Iterator[Found]:
    """User names by where they stand."""
    for pattern, *needles in (
        (_PROMPT, "@"),
        (_LISTED, "r"),
        (_PROCESS,),
        (_ID, "uid="),
        (_BEFORE_ADDRESS, "@"),
        (_SSH, "User"),
    ):
        for match in hits(pattern, text, *needles):
            if _is_name(match["name"]):
                yield group(match, Kind.USER, "name")
    for pair in pairs(text):
        if _names_a_user(pair.key, quoted=pair.form is Form.QUOTED):
            yield from _in_value(pair)


@cache
def _names_a_user(key: str, *, quoted: bool) -> bool:
    name = squeezed(key)
    return key in _VARIABLES or (name == "user" and quoted) or name.endswith(tuple(secret_keys().user))


def _in_value(pair: Pair) -> Iterator[Found]:
    """The names in a value: ``"Alice Smith (alice)"`` holds two."""
    both = _WITH_SHORT.fullmatch(pair.value)
    if both:
        for name in ("full", "short"):
            if _is_name(both[name]):
                yield Found(pair.start + both.start(name), pair.start + both.end(name), Kind.USER)
    elif _is_name(pair.value) and len(pair.value) <= 80:  # noqa: PLR2004 - longer is no name
        yield Found(pair.start, pair.end, Kind.USER)


def _is_name(value: str) -> bool:
    return (
        bool(value)
        and value.casefold() not in plain_names().nobody
        and not _NOT_A_NAME.fullmatch(value)
        and not value.startswith(("$", "%", "{", "<", "*"))
    )
