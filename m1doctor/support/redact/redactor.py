"""The redactor: remembers every secret that any text gave away, and takes it out of all of them."""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from m1doctor.errors import UnfinishedError
from m1doctor.model.record import record
from m1doctor.support.redact import (
    emails,
    hardware_uuids,
    homes,
    hosts,
    ip_addresses,
    mac_addresses,
    people,
    serials,
    tokens,
    urls,
)
from m1doctor.support.redact.secret import PSEUDONYM, Found, Kind, Known, Strategy, pseudonym
from m1doctor.support.redact.spelling import Unbroken, canonical, is_breakable, is_distinctive, pattern

STRATEGIES: tuple[Strategy, ...] = (
    tokens.find,
    urls.find,
    emails.find,
    homes.find,
    people.find,
    hosts.find,
    serials.find,
    hardware_uuids.find,
    mac_addresses.find,
    ip_addresses.find,
)
_ROUNDS = 8
"""How often a text is gone through at most; the second time finds nothing but for the strangest of texts."""
_LEAST_HIDDEN = 8
"""Characters of a secret that is looked for in base64 and UTF-16, where a shorter one turns up by chance."""


class RedactionError(UnfinishedError):
    """A text could not be made free of secrets; the message names their kinds and never the secrets."""


@record(frozen=True, slots=True, kw_only=True)
class Removed:
    """How much of one kind was taken out."""

    kind: Kind
    secrets: int
    """Different ones."""
    places: int


class Redactor:
    """Takes secrets out of texts; the same secret gets the same pseudonym in all of them."""

    def __init__(self, known: Iterable[Known] = (), *, innocent: Iterable[str] = ()) -> None:
        """Begin with the secrets that are `known`; `innocent` are texts that look like one and are none."""
        self._innocent = frozenset(innocent)
        self._pseudonyms: dict[str, str] = {}
        self._numbers: dict[Kind, int] = {}
        self._values: dict[tuple[Kind, str], None] = {}
        self._places: dict[Kind, dict[str, int]] = {}
        self._distinctive: list[tuple[Kind, str]] = []
        self._breakable: list[str] = []
        self._pattern: tuple[re.Pattern[str], re.Pattern[str]] | None = None
        for secret in known:
            self._remember(secret.kind, secret.value)

    def learn(self, text: str) -> None:
        """Remember the secrets that `text` gives away."""
        for found in self._found(text):
            self._remember(found.kind, text[found.start : found.end])

    def redact(self, text: str) -> str:
        """`text` without secrets; one that holds none is returned as it is, and so is a redacted one.

        Raises `RedactionError` where no end is come to.
        """
        for _ in range(_ROUNDS):
            cleaner = self._once(text)
            if cleaner == text:
                return text
            text = cleaner
        raise RedactionError("a text gave away something new in every round")

    def removed(self) -> tuple[Removed, ...]:
        """What was taken out so far, in the order of the kinds."""
        return tuple(
            Removed(kind=kind, secrets=len(names), places=sum(names.values()))
            for kind in Kind
            if (names := self._places.get(kind))
        )

    def surviving(self, content: bytes) -> tuple[Kind, ...]:
        """Kinds of secrets that a finished file still holds, in whatever encoding."""
        text = content.decode("utf-8", "replace")
        kinds = {span.kind for span in self._literals(text)}
        if not all(is_distinctive(*secret) for secret in self._values):
            kinds |= {found.kind for found in self._found(text) if self._is_known(found, text)}
        for kind, value in self._values:
            if len(value) >= _LEAST_HIDDEN and is_distinctive(kind, value):
                kinds.update(kind for hidden in _hidden(value) if hidden in content)
        return tuple(kind for kind in Kind if kind in kinds)

    def _is_known(self, found: Found, text: str) -> bool:
        return canonical(found.kind, text[found.start : found.end]) in self._pseudonyms

    def _remember(self, kind: Kind, value: str) -> str:
        """The pseudonym of a secret, a new one for a new secret."""
        key = canonical(kind, value)
        if key not in self._pseudonyms:
            number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
            name = pseudonym(kind, number)
            self._pseudonyms[key] = f"/{name}" if kind is Kind.HOME else name
        if (kind, value) not in self._values:
            self._values[kind, value] = None
            self._pattern = None
            for line in value.splitlines() if kind is Kind.SECRET and "\n" in value else ():
                # A log may be quoted line by line: each holds enough of the secret to be kept from the reader.
                if len(line.strip()) >= _LEAST_HIDDEN:
                    self._pseudonyms.setdefault(canonical(kind, line), self._pseudonyms[key])
                    self._values[kind, line.strip()] = None
        return self._pseudonyms[key]

    def _once(self, text: str) -> str:
        spans = [
            _Span(found.start, found.end, found.kind, self._remember(found.kind, text[found.start : found.end]))
            for found in self._found(text)
        ]
        spans += self._literals(text)
        pieces: list[str] = []
        position = 0
        for span in _joined(spans):
            pieces += [text[position : span.start], span.pseudonym]
            position = span.end
            places = self._places.setdefault(span.kind, {})
            places[span.pseudonym] = places.get(span.pseudonym, 0) + 1
        return "".join([*pieces, text[position:]]) if pieces else text

    def _found(self, text: str) -> Iterator[Found]:
        """What the strategies find and what is neither innocent nor a pseudonym already."""
        taken = [match.span() for match in PSEUDONYM.finditer(text)]
        ends = [end for _, end in taken]
        found = (each for strategy in STRATEGIES for each in strategy(text))
        for each in sorted(found, key=lambda each: (each.start, -each.end)):
            after = bisect_right(ends, each.start)
            overlaps = after < len(taken) and taken[after][0] < each.end
            if not overlaps and text[each.start : each.end] not in self._innocent:
                yield each

    def _literals(self, text: str) -> Iterator[_Span]:
        """Where the distinctive secrets that are remembered stand, however they are written."""
        whole, breakable = self._patterns()
        for match in whole.finditer(text):
            yield self._literal(match, match.start(), match.end())
        if self._breakable and ("\n" in text or "\0" in text):
            unbroken = Unbroken(text)
            for match in breakable.finditer(unbroken.text):
                place = unbroken.place(match.start(), match.end())
                if place is not None:
                    yield self._literal(match, *place)

    def _literal(self, match: re.Match[str], start: int, end: int) -> _Span:
        assert match.lastgroup is not None  # noqa: S101 - every alternative is a named group
        kind, value = self._distinctive[int(match.lastgroup[1:])]
        return _Span(start, end, kind, self._pseudonyms[canonical(kind, value)])

    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """For every distinctive secret, and for those that may be broken over lines."""
        if self._pattern is None:
            self._distinctive = sorted(
                (secret for secret in self._values if is_distinctive(*secret)), key=lambda secret: -len(secret[1])
            )
            written = [f"(?P<s{number}>{pattern(*secret)})" for number, secret in enumerate(self._distinctive)]
            self._breakable = [
                text for text, secret in zip(written, self._distinctive, strict=True) if is_breakable(*secret)
            ]
            nothing = "(?!)"
            self._pattern = (
                re.compile("|".join(written) or nothing),
                re.compile("|".join(self._breakable) or nothing),
            )
        return self._pattern


@record(frozen=True, slots=True)
class _Span:
    """A part of a text that a pseudonym replaces."""

    start: int
    end: int
    kind: Kind
    pseudonym: str


def _joined(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Spans that do not overlap, in order; of those that do, the longest names them all."""
    joined: _Span | None = None
    longest = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if joined is None or span.start >= joined.end:
            if joined is not None:
                yield joined
            joined, longest = span, span.end - span.start
            continue
        names = span if span.end - span.start > longest else joined
        longest = max(longest, span.end - span.start)
        joined = _Span(joined.start, max(joined.end, span.end), names.kind, names.pseudonym)
    if joined is not None:
        yield joined


def _hidden(value: str) -> Iterator[bytes]:
    """The bytes of a secret in UTF-16, and what every base64 of a text around it holds."""
    for encoding in ("utf-16-le", "utf-16-be"):
        yield value.encode(encoding, "surrogatepass")
    raw = value.encode("utf-8", "surrogatepass")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        first, last = (0, 2, 3)[shift], len(encoded) - (0, 3, 2)[(shift + len(raw)) % 3]
        yield encoded[first:last].rstrip(b"=")
