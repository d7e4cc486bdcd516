"""Home folders: the user name in the path of one, and the temporary folders that macOS makes for each user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.knowledge.redaction import plain_names
from m1doctor.support.redact.secret import Found, Kind, group, hits

_SEPARATOR = r"(?:\\?/|\\\\?|%2[Ff]|%5[Cc])"
_NAME = r"(?!\.{1,2}(?:[/\\]|$))(?P<name>(?:(?!%2[Ff]|%5[Cc])[^\s/\\\"'`:;,<>(){}\[\]|*?$~]|\\ )+)"
_HOME = re.compile(
    rf"(?:{_SEPARATOR}(?:Users|home)|(?<![^\W_])Users(?={_SEPARATOR}[^\s/\\]+{_SEPARATOR})){_SEPARATOR}{_NAME}"
)
_ABOVE = ("Users", "home")
_DASHED = re.compile(r"(?<![^\W_])-(?:Users|home)-(?P<name>[^\W_]\w*)(?=-)")
"""A path that was made into one name, as caches of editors do."""
_QUOTED = re.compile(r"""(?P<quote>["'])(?:file://)?[^"'\n]{0,80}/(?:Users|home)/(?P<name>[^/"'\n]+)(?=/|(?P=quote))""")
_TILDE = re.compile(r"(?<![\w~/.])~(?P<name>[A-Za-z][\w.-]*)(?=/)")
_TEMPORARY = re.compile(r"/var/folders/(?P<name>[^/\s\"']{2}/[^/\s\"']{10,})")
_PAGE = re.compile(r"https?://(?!localhost|127\.|\[::1\]|0\.0\.0\.0)[^\s/]+\S*$")
_WEB = (".html", ".htm", ".php", ".md", ".js", ".css")


def find(text: str) -> Iterator[Found]:
    """User names in paths of home folders, and what names a user's temporary folder."""
    for pattern, *needles in ((_HOME, *_ABOVE), (_DASHED, *_ABOVE), (_QUOTED, *_ABOVE), (_TILDE, "~")):
        for match in hits(pattern, text, *needles):
            name = match["name"]
            if name.casefold() in plain_names().nobody or name.endswith(_WEB):
                continue
            if "://" in text[max(0, match.start() - 300) : match.start()] and _is_page(text, match.start()):
                continue
            stripped = name.rstrip(".")
            yield Found(match.start("name"), match.start("name") + len(stripped), Kind.USER)
    for match in hits(_TEMPORARY, text, "/var/folders/"):
        yield group(match, Kind.FOLDER, "name")


def _is_page(text: str, position: int) -> bool:
    """Whether the path at `position` is part of a page's address, where ``/home/`` is no home folder."""
    start = position
    while start > 0 and not text[start - 1].isspace() and position - start < 300:  # noqa: PLR2004 - an address is shorter
        start -= 1
    return _PAGE.search(text[start:position]) is not None
