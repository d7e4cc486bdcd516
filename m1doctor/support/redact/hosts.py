"""Names of machines: what their owners called them, in prompts, kernel lines, settings and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import plain_names, secret_keys
from m1doctor.support.redact.keyed import pairs, squeezed
from m1doctor.support.redact.secret import Found, Kind, group, hits

_MODEL = r"(?:MacBook(?:[ -]?(?:Pro|Air))?|iMac(?:[ -]Pro)?|Mac[ -]?(?:mini|Mini|Studio|Pro)|MBP|MBA|mbp|mba)"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_DOMAINS = (".local", ".lan", ".home", ".internal", ".intra", ".corp", ".private", ".box")
_DOMAIN = r"(?:\.(?:local|lan|home|internal|intra|corp|localdomain|private|box|fritz\.box|home\.arpa))"
_MACS = ("MacBook", "iMac", "Mac ", "Mac-")
_PATTERNS: tuple[tuple[re.Pattern[str], *tuple[str, ...]], ...] = (
    (re.compile(r"(?m)^[ \t#>]*(?:[^:\n]{0,40}: )?(?:Darwin|Linux) (?P<name>[\w.-]+) \d+\.\d+"), "Darwin", "Linux"),
    (
        re.compile(
            r"(?m)^[ \t]*(?:\([^)\n]*\)[ \t]*)?\[?[^\W\d][\w.-]*@(?P<name>[\w.-]+)"
            r"(?::|[ \t]+)[~/\w][^\n]{0,80}?[%$#\u276f>](?:\s|$)"
        ),
        "@",
    ),
    (re.compile(rf"(?<![\w-])(?P<name>[^\W_][\w-]*-{_MODEL}(?:-\w+)*{_DOMAIN}?)(?![\w-])"), "Mac", "mac", "MB", "mb"),
    (
        re.compile(
            r"(?<![\w-])(?P<name>(?:MacBook-(?:Pro|Air)|MacBook|iMac|Mac-(?:mini|Studio|Pro))"
            rf"-(?:von|de|di|van|do|da|d|od|av|fra)-[\w-]+{_DOMAIN}?)(?![\w-])"
        ),
        *_MACS,
    ),
    (
        re.compile(r"(?P<name>(?:MacBook(?: Pro| Air)?|iMac|Mac (?:mini|Studio|Pro)) (?:von|de|di|van) [^\W\d_]+)"),
        *_MACS,
    ),
    (
        re.compile(
            r"(?<!\w)(?!(?i:Apple|this|the|user|other|it|one|that|today|what)[\u2019'])"
            r"(?P<name>[^\W_]\w*[\u2019']s? (?:MacBook(?: Pro| Air)?|iMac|Mac (?:mini|Studio|Pro))(?: ?\(\d+\)| \d\b)?)"
        ),
        *_MACS,
    ),
    (re.compile(r"(?P<name>[^\W\d_]{1,20}の(?:MacBook|iMac|Mac)(?: Pro| Air| mini| Studio)?)"), "の"),
    (re.compile(rf"(?<![\w./-])(?P<name>(?=[\w-]*[-\d]){_LABEL}{_DOMAIN})(?![\w/-]|\.\w)"), *_DOMAINS),
    (re.compile(rf"(?<=http://|ttps://)(?:[^\s/@]*@)?(?P<name>{_LABEL}{_DOMAIN}?)(?=:\d|/|\s|$)"), "://"),
    (re.compile(rf"(?<=@)(?P<name>{_LABEL}{_DOMAIN})(?![\w-]|\.\w)"), "@"),
)
"""Each with words without which it cannot match."""
_GENERIC = re.compile(rf"{_MODEL}(?:-\d+)?{_DOMAIN}?|ip-[\d-]+{_DOMAIN}?|[\d.]+|fv-az[\w-]*", re.IGNORECASE)
_COMPILER = re.compile(r".*(?:apple-darwin|linux-gnu|conda-linux).*")


def find(text: str) -> Iterator[Found]:
    """Host names by where they stand."""
    for pattern, *needles in _PATTERNS:
        for match in hits(pattern, text, *needles):
            if _is_somebodys(match["name"]):
                yield group(match, Kind.HOST, "name")
    for pair in pairs(text):
        if _names_a_host(pair.key) and _is_somebodys(pair.value) and len(pair.value) <= 100:  # noqa: PLR2004 - longer is none
            yield Found(pair.start, pair.end, Kind.HOST)


@cache
def _names_a_host(key: str) -> bool:
    return key in ("HOST", "HOSTNAME", "COMPUTERNAME") or squeezed(key) in secret_keys().host


def _is_somebodys(name: str) -> bool:
    """Whether this is a name that somebody gave, and not one that every second machine has."""
    return (
        bool(name)
        and name.casefold() not in plain_names().nobody
        and not _GENERIC.fullmatch(name)
        and not _COMPILER.fullmatch(name)
        and not name.startswith(("$", "%", "{", "<", "*"))
    )
