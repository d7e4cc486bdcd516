"""Tokens, keys and passwords: by the names that they are given, by the headers that carry them, and by their forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import secret_keys, token_shapes
from m1doctor.support.redact.keyed import Form, Pair, pairs, words
from m1doctor.support.redact.secret import Found, Kind, group, hits
from m1doctor.support.redact.spelling import BREAK

_PEM = re.compile(
    r"-----BEGIN (?P<what>[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----(?P<body>.*?)(?:-----END (?P=what)-----|\Z)", re.DOTALL
)
_CARRIED: tuple[tuple[re.Pattern[str], *tuple[str, ...]], ...] = (
    (
        re.compile(
            r"(?i)\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|token|digest|apikey)?\s*"
            r"(?P<secret>[^\s\"',;]{4,})"
        ),
        "uthorization",
        "UTHORIZATION",
    ),
    (
        re.compile(r"(?im)^[^\n]{0,80}?\b(?:set-)?cookie[\"']?\s*:\s*[\"']?(?P<secret>[^\n\"']{4,})"),
        "ookie:",
        "OOKIE:",
        'ookie"',
    ),
    (re.compile(r"(?i)\bbearer\s+(?=[\w.~+/-]*\d)(?P<secret>[\w.~+/-]{8,}=*)"), "earer", "EARER"),
    (
        re.compile(r"\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<secret>[^;\s\"']+)"),
        "AccountKey",
        "SharedA",
    ),
    (
        re.compile(
            r"\"?\bkey\"?\s*:?\s*b?[\"'](?P<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,})[\"']"
        ),
        "key",
    ),
)
"""How secrets are carried, and words without which each cannot match. The last is the connection file of Jupyter."""
_LOGINS: tuple[tuple[re.Pattern[str], *tuple[str, ...]], ...] = (
    (
        re.compile(
            r"(?:^|\s)(?:machine\s+\S+|default)\s+login\s+(?P<name>\S+)\s+"
            r"(?:account\s+\S+\s+)?password\s+(?P<secret>\S+)"
        ),
        "login",
    ),
    (
        re.compile(
            r"\b(?:curl|wget)\b[^\n]{0,300}?\s(?:-u|--user)[ =]+[\"']?(?P<name>[^\s:\"']{1,256}):(?P<secret>[^\s\"']+)"
        ),
        "curl",
        "wget",
    ),
)
"""A user name and a password: of a `.netrc`, and on the command line."""
_NO_VALUE = re.compile(
    r"(?i:|true|false|yes|no|on|off|none|null|nil|[01]|\*+|x{3,}|\.{3,}|\u2026|undefined|required|optional|disabled|enabled"
    r"|auto|keyring|\$.*|%\(.*|%[A-Z_]+%|<[^>]*>|\{.*\}|\[.*\]"
    r"|(?:self|os|sys|args|config|cls|env|settings|getpass|tf|np)\.\w.*)|[a-z_][a-z_.]{2,}[(\[].*"
)
"""Switches, gaps for a value, and lines of code in a traceback."""
_PATH = re.compile(
    r"\.{0,2}/(?:Users|home|etc|var|private|opt|usr|tmp|Library|root|run|Volumes|mnt|Applications)/|~/|\./"
)
"""A variable such as `SSH_AUTH_SOCK` says where something is; a key may begin with a slash, too."""
_STRONG = frozenset({"password", "passwd", "passphrase"})
_RANDOM = 20
"""Characters from which a value without a digit is taken for a secret, where prose might hold the same words."""


def find(text: str) -> Iterator[Found]:
    """Secrets by name, by carrier and by form."""
    yield from _private_keys(text)
    for pattern, *needles in (*_CARRIED, *_shapes(), *_LOGINS):
        for match in hits(pattern, text, *needles):
            if not _NO_VALUE.fullmatch(match["secret"]):
                yield group(match, Kind.SECRET, "secret")
                if "name" in match.re.groupindex:
                    yield group(match, Kind.USER, "name")
    for pair in pairs(text):
        if is_secret_key(pair.key) and _is_secret_value(pair):
            yield Found(pair.start, pair.end, Kind.SECRET)


def _private_keys(text: str) -> Iterator[Found]:
    """What stands between the lines that say where a private key begins and ends, or the text does."""
    for match in hits(_PEM, text, "PRIVATE KEY"):
        body = match["body"]
        if body.strip():
            start = match.start("body") + len(body) - len(body.lstrip())
            yield Found(start, start + len(body.strip()), Kind.SECRET)


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], *tuple[str, ...]], ...]:
    """Tokens by their forms; the characters that each has at least may be broken over lines."""
    return tuple(
        (
            re.compile(
                rf"(?<![A-Za-z0-9_-])(?P<secret>(?:{'|'.join(map(re.escape, shape.prefixes))})"
                rf"(?:{BREAK}?[{shape.characters}]){{{shape.least}}}[{shape.characters}]*)"
            ),
            *shape.prefixes,
        )
        for shape in token_shapes()
    )


@cache
def is_secret_key(key: str) -> bool:
    """Whether the value under this name is a secret: ``GITHUB_TOKEN``, ``dbPassword``, ``AWS_ACCESS_KEY_ID``."""
    known = secret_keys()
    named = list(words(key))
    while len(named) > 1 and (named[-1] in known.after or named[-1].isdigit()):
        named.pop()
    if not named:
        return False
    if named[-1] in known.secret:
        return True
    if named[-1] != "key":
        return False
    if len(named) > 1 and named[-2] in known.before_key:
        return True
    return key.isupper() and len(named) > 1 and named[-2] not in ("public", "primary", "foreign", "sort", "partition")


def _is_secret_value(pair: Pair) -> bool:
    if _NO_VALUE.fullmatch(pair.value) or _PATH.match(pair.value):
        return False
    if pair.form is Form.QUOTED or pair.form is Form.OPTION or pair.equals:
        return True
    last = words(pair.key)[-1]
    if last in _STRONG and pair.form is Form.LINE:
        return True
    if " " in pair.value:
        return False
    prose = pair.form is Form.INLINE or " " in pair.key.strip()
    return not prose or _looks_random(pair.value)


def _looks_random(value: str) -> bool:
    return len(value) >= _RANDOM or (any(c.isdigit() for c in value) and any(c.isalpha() for c in value))
