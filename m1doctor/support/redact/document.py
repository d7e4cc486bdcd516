"""Redaction of data: records, tuples and dicts keep their form, only their texts change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from m1doctor.support.redact.redactor import Redactor

T = TypeVar("T")


def learn_from(value: object, redactor: Redactor) -> None:
    """Remember the secrets that any text of `value` gives away, those that only a name beside them tells included."""
    redactor.learn("\n".join(_texts(value)))


def redact_document(value: T, redactor: Redactor) -> T:
    """`value` with every text redacted. Names of fields and words of enumerations are ours and stay."""
    return cast("T", _Walk(redactor).redacted(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str) and isinstance(item, str):
                yield f"{key}={item}"
            else:
                yield from _texts(key)
                yield from _texts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


class _Walk:
    """One pass over a document; a text that is met again is not gone through again."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._seen: dict[str, str] = {}

    def redacted(self, value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value)
        if isinstance(value, dict):
            return {self.redacted(key): self._valued(key, item) for key, item in value.items()}
        if isinstance(value, tuple):
            all_text = bool(value) and all(type(item) is str for item in value)
            return self._lines(value) if all_text else tuple(self.redacted(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return self._record(value)
        return value

    def _record(self, value: Any) -> Any:
        old = {field.name: getattr(value, field.name) for field in fields(value)}
        new = {name: self.redacted(item) for name, item in old.items()}
        changed = {name: item for name, item in new.items() if item != old[name]}
        return replace(value, **changed) if changed else value

    def _text(self, text: str) -> str:
        if text not in self._seen:
            self._seen[text] = self._redactor.redact(text)
        return self._seen[text]

    def _valued(self, key: Any, item: Any) -> Any:
        """A value that its own key may make a secret, as in an environment."""
        if not (isinstance(key, str) and type(item) is str):
            return self.redacted(item)
        together = self._text(f"{key}={item}")
        head = f"{self._text(key)}="
        return together.removeprefix(head) if together.startswith(head) else self._text(item)

    def _lines(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """Lines of one text, or the words of one command: a secret may begin in one and end in the next."""
        apart = tuple(self._text(line) for line in lines)
        together = self._text("\n".join(lines))
        return apart if together == "\n".join(apart) else tuple(together.split("\n"))
