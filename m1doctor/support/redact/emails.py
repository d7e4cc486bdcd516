"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.knowledge.redaction import plain_names
from m1doctor.support.redact.secret import Found, Kind, group

_ADDRESS = re.compile(
    r"(?<![\w.+/@%-])(?P<name>[\w.+'-]{1,64})(?:@|%40)(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?P<last>[^\W\d_]{2,24})(?![\w@])"
)
_FILES = frozenset(
    {
        "py",
        "so",
        "dylib",
        "png",
        "jpg",
        "jpeg",
        "svg",
        "txt",
        "json",
        "md",
        "html",
        "js",
        "rb",
        "app",
        "framework",
        "git",
        "whl",
        "zip",
    }
)
_USERINFO = re.compile(r"://[^\s/]*$")
_AT_HOME = frozenset({"local", "lan", "home", "internal", "localdomain", "box"})
"""``me@my-mac.local`` is a user on a machine; the machine's name is found as such."""
_PROGRAMS = frozenset({"git", "hg", "noreply", "no-reply"})
"""User names of programs: ``git@github.com`` is an address of a repository."""


def find(text: str) -> Iterator[Found]:
    """E-mail addresses, but no ``git@…``, no ``name@2x.png``, and nothing of the credentials in an address."""
    for match in _ADDRESS.finditer(text):
        before = text[max(0, match.start() - 300) : match.start()]
        last, name = match["last"].lower(), match["name"].lower()
        if last in _FILES or name in _PROGRAMS or name in plain_names().nobody or _USERINFO.search(before):
            continue
        yield group(match, Kind.USER, "name") if last in _AT_HOME else group(match, Kind.EMAIL)
