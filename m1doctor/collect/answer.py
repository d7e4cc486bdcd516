"""What a stage of the child answered: anything at all, since a target may write what it likes.

A wrong type is a missing answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def taken(answer: Mapping[str, Any] | None, record: type[T]) -> T | None:
    """The answer as a record of the facts; `None` where there is none, or where it is of another shape."""
    if answer is None:
        return None
    try:
        return msgspec.convert(answer, record)
    except (msgspec.ValidationError, RecursionError, OverflowError):
        return None


class Answer:
    """Typed looks into an answer."""

    def __init__(self, answer: Mapping[str, Any] | None) -> None:
        self._answer = answer or {}

    def text(self, key: str) -> str | None:
        """Text."""
        value = self._answer.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> float | None:
        """A number, whole or not."""
        value = self._answer.get(key)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def boolean(self, key: str) -> bool | None:
        """True or false."""
        value = self._answer.get(key)
        return value if isinstance(value, bool) else None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The texts of a list."""
        value = self._answer.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else None

    def mapping(self, key: str) -> dict[str, Any]:
        """An object; an empty one where there is none."""
        value = self._answer.get(key)
        return value if isinstance(value, dict) else {}

    def mappings(self, key: str) -> list[dict[str, Any]] | None:
        """The objects of a list."""
        value = self._answer.get(key)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None
