"""Finding many literals in a block of bytes in one pass.

The automaton is that of the `aho-corasick` crate (ripgrep's), through `ahocorasick_rs`: about as fast as `grep -E` with
the same words, and independent of their number. Where that package is not installed, each literal is searched for by
itself: right, but slower by the number of literals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Literals(Protocol):
    """A set of literals that can be searched for."""

    def positions(self, block: bytes) -> list[int]:
        """Where literals begin in `block`, in order. Of overlapping literals at least one is reported."""
        ...

    def within(self, line: bytes) -> set[int]:
        """The numbers of all literals that `line` holds."""
        ...


class Automaton:
    """All literals in one pass."""

    def __init__(self, literals: Iterable[bytes]) -> None:
        """Build the automaton. Raises `ImportError` where `ahocorasick_rs` is not installed."""
        from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind  # noqa: PLC0415 - optional

        # The standard match kind reports a match as soon as it is complete, so no literal can hide behind a longer one
        # that begins before it and does not come to its end.
        self._machine = BytesAhoCorasick(
            list(literals), matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def positions(self, block: bytes) -> list[int]:
        """Where literals begin in `block`, in order."""
        return [start for _, start, _ in self._machine.find_matches_as_indexes(block)]

    def within(self, line: bytes) -> set[int]:
        """The numbers of all literals that `line` holds."""
        return {number for number, _, _ in self._machine.find_matches_as_indexes(line, overlapping=True)}


class OneByOne:
    """Each literal by itself."""

    def __init__(self, literals: Iterable[bytes]) -> None:
        """Hold the literals."""
        self._literals = tuple(literals)

    def positions(self, block: bytes) -> list[int]:
        """Where literals begin in `block`, in order."""
        found: set[int] = set()
        for literal in self._literals:
            at = block.find(literal)
            while at >= 0:
                found.add(at)
                at = block.find(literal, at + 1)
        return sorted(found)

    def within(self, line: bytes) -> set[int]:
        """The numbers of all literals that `line` holds."""
        return {number for number, literal in enumerate(self._literals) if literal in line}


def fastest(literals: Iterable[bytes]) -> Literals:
    """The fastest search that this installation has."""
    words = tuple(literals)
    try:
        return Automaton(words)
    except ImportError:
        return OneByOne(words)
