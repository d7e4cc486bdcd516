"""The ways in which one secret may be written: Unicode forms, escapes of other notations, broken over lines."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from urllib.parse import quote

from m1doctor.knowledge.redaction import plain_names
from m1doctor.support.redact.secret import Kind

BREAK = r"(?:[ \t]*\\?\r?\n[ \t│|>]*|\x00)"
"""Where a terminal, a frame or a backslash breaks a long value; and the zeros of UTF-16 that was read as bytes."""
_BREAKABLE = 8
"""Characters from which a value is looked for broken over lines; a shorter one would be found in columns of text."""
_BREAK = re.compile(BREAK)
_ANYWHERE = 12
"""Characters from which a token is looked for within longer words."""
_SHORTEST = {Kind.USER: 3, Kind.HOST: 4, Kind.SECRET: 6, Kind.SERIAL: 6, Kind.HOME: 5}
"""Shorter ones are a secret only where the place says so: a user `a` does not eat letters."""
_NAMES = (Kind.USER, Kind.HOST)


def canonical(kind: Kind, value: str) -> str:
    """What two spellings of one secret have in common."""
    composed = unicodedata.normalize("NFC", _BREAK.sub("", value))
    if kind is Kind.SERIAL:
        return _from_hex(composed)
    if kind is Kind.MAC and len(composed) == len("AAAAAAAA"):
        return b64decode(composed).hex()
    if kind in (Kind.MAC, Kind.UUID):
        return "".join(character for character in composed.casefold() if character.isalnum())
    if kind is Kind.HOST:
        bare = re.sub(r"\.(?:local|lan|home|internal|localdomain)$", "", composed.casefold())
        return "".join(character for character in bare if character.isalnum())
    if kind in (Kind.USER, Kind.EMAIL, Kind.IP):
        return " ".join(composed.casefold().split())
    return "".join(composed.split()) if kind is Kind.SECRET else composed


def _from_hex(serial: str) -> str:
    """What the bytes of a serial number spell, as the IO registry prints some."""
    with suppress(ValueError):
        spelled = bytes.fromhex(serial).rstrip(b"\0").decode("ascii")
        if spelled.isalnum() and len(spelled) >= _SHORTEST[Kind.SERIAL]:
            return spelled
    return serial


def is_distinctive(kind: Kind, value: str) -> bool:
    """Whether the same letters are this secret wherever they stand."""
    if len(value) < _SHORTEST.get(kind, 1):
        return False
    plain = value.casefold()
    if kind in _NAMES:
        return plain not in plain_names().words and plain not in plain_names().nobody and not plain.isdigit()
    if kind is Kind.SECRET:
        letters_alone = plain.isalpha() and len(plain) < _ANYWHERE
        return not (letters_alone and plain in plain_names().words)
    return True


@cache
def pattern(kind: Kind, value: str) -> str:
    """A regular expression for every spelling of a distinctive secret."""
    spellings = sorted(_variants(kind, value), key=lambda text: (-len(text), text))
    written = "|".join(r"\s+".join(map(re.escape, text.split())) for text in spellings)
    before, after = _edges(kind, value)
    return f"{before}(?{'' if kind is Kind.SECRET else 'i'}:{written}){after}"


def is_breakable(kind: Kind, value: str) -> bool:
    """Whether a secret is looked for broken over lines, too."""
    return len(value) >= _BREAKABLE and kind is not Kind.HOME


class Unbroken:
    """A text with its line breaks taken out, and where each of its characters stands in the text."""

    def __init__(self, text: str) -> None:
        """Take the breaks out."""
        pieces: list[str] = []
        self._starts: list[int] = []
        self._shifts: list[int] = []
        position = length = 0
        for gap in _BREAK.finditer(text):
            pieces.append(text[position : gap.start()])
            length += gap.start() - position
            position = gap.end()
            self._starts.append(length)
            self._shifts.append(position - length)
        self.text = "".join([*pieces, text[position:]])

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a part of the unbroken text stands in the broken one; `None` where no break is in it."""
        first, last = bisect_right(self._starts, start), bisect_right(self._starts, end - 1)
        if first == last:
            return None
        return start + self._shift(first), end + self._shift(last)

    def _shift(self, index: int) -> int:
        return self._shifts[index - 1] if index else 0


def _edges(kind: Kind, value: str) -> tuple[str, str]:
    if kind in _NAMES:
        # Within a word it is not the name; a plural or possessive s ("alices-macbook") may follow.
        return r"(?<![^\W\d_])", r"(?=s?(?![^\W\d_]))"
    if kind is Kind.SECRET and len(value) >= _ANYWHERE:
        return "", ""
    if kind is Kind.IP:
        return r"(?<![\w.:])", r"(?![\w:]|\.\w)"
    return r"(?<![^\W_])", r"(?![^\W_])"


def _variants(kind: Kind, value: str) -> set[str]:
    """The value as several notations write it."""
    forms = {form for base in _names_of(kind, value) for form in _notations(base)}
    return {form for form in forms if form.strip() and (len(form) >= _SHORTEST.get(kind, 1))}


def _names_of(kind: Kind, value: str) -> Iterator[str]:
    yield value
    if kind is Kind.HOST:
        bare = re.sub(r"\.(?:local|lan|home|internal|localdomain)$", "", value)
        spaced = re.sub(r"[\u2019']", "", bare)
        candidates = {bare, spaced, spaced.replace(" ", "-"), bare.replace("\u2019", "'"), bare.replace("'", "\u2019")}
        yield from sorted(candidate for candidate in candidates if is_distinctive(Kind.HOST, candidate))
    elif kind is Kind.MAC:
        digits = "".join(character for character in value if character.isalnum())
        if len(digits) == 12:  # noqa: PLR2004 - six bytes
            yield digits
            yield from (sign.join(digits[i : i + 2] for i in range(0, 12, 2)) for sign in (":", "-"))
    elif kind is Kind.UUID:
        digits = "".join(character for character in value if character.isalnum())
        if len(digits) == 32:  # noqa: PLR2004 - sixteen bytes
            yield digits
            yield "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    elif kind is Kind.SERIAL:
        yield value.encode().hex()
    elif kind is Kind.USER and " " in value:
        yield value.replace(" ", "-")
        yield value.replace(" ", ".")
        yield value.replace(" ", "")


def _notations(text: str) -> Iterator[str]:
    for form in {text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)}:
        yield form
        yield quote(form, safe="", errors="replace")
        yield quote(form, errors="replace")
        yield json.dumps(form)[1:-1]
        yield html.escape(form)
        yield html.escape(form).replace("&#x27;", "&#39;")
        yield form.replace(" ", "\\ ")
        if not form.isascii():
            raw = form.encode("utf-8", "surrogatepass")
            yield form.encode("unicode_escape").decode("ascii")
            yield raw.decode("latin-1")
            yield "".join(chr(byte) if byte < 128 else f"\\{byte:03o}" for byte in raw)  # noqa: PLR2004 - ASCII
            yield "".join(chr(byte) if byte < 128 else f"\\x{byte:02x}" for byte in raw)  # noqa: PLR2004 - ASCII
            yield "".join(character if character.isascii() else "\ufffd" for character in form)
            yield "".join(chr(byte) if byte < 128 else "\ufffd" for byte in raw)  # noqa: PLR2004 - ASCII
            yield form.encode("ascii", "xmlcharrefreplace").decode()
