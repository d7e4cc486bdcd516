"""Which rules may have something to say of a text, told from the words that occur in it: most files need no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from m1doctor.lint.rule import Rule


class Triggers:
    """The words of some rules, looked for all at once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Prepare to look for the words of `rules`."""
        self._rules = tuple(rules)
        by_word: dict[str, list[int]] = {}
        for position, rule in enumerate(self._rules):
            for word in rule.words:
                by_word.setdefault(word, []).append(position)
        self._positions: Sequence[list[int]] = list(by_word.values())
        self._words = list(by_word)
        self._automaton = _automaton(self._words)

    def rules_for(self, text: str) -> list[Rule]:
        """The rules of which a word occurs in `text`, in order."""
        if self._automaton is not None:
            seen = {match[0] for match in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        else:
            seen = {number for number, word in enumerate(self._words) if word in text}
        positions = sorted({position for number in seen for position in self._positions[number]})
        return [self._rules[position] for position in positions]


def _automaton(words: list[str]) -> Any:
    """An automaton that finds all words in one pass; `None` where it cannot be had, and then each is looked for."""
    try:
        import ahocorasick_rs  # noqa: PLC0415 - there is no wheel of it for every Python
    except ImportError:
        return None
    return ahocorasick_rs.AhoCorasick(words) if words else None
