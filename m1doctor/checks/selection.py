"""Which checks take part: `--select` and `--ignore` on the command line, `select` and `ignore` in the settings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from m1doctor.checks.registry import RETIRED
from m1doctor.errors import UserError
from m1doctor.model.record import record

_LEFT_OUT = " was left out by "
RULE_FAMILY = "LOAD"
"""The family of the rules for training scripts: `lint` judges by them, and settings name them beside the checks."""


class Entry(Protocol):
    """What can be chosen: a check, or a rule for training scripts."""

    @property
    def id(self) -> str:
        """Such as ``"LNK002"``."""
        ...

    @property
    def slug(self) -> str:
        """Such as ``"plugin-symbol-not-found"``."""
        ...

    @property
    def family(self) -> str:
        """The letters of the id."""
        ...


class Catalogue(Protocol):
    """What is chosen from."""

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, in order."""
        ...

    def get(self, name: str) -> Entry | None:
        """One entry, by id or slug."""
        ...


@record(frozen=True, slots=True)
class Both:
    """One catalogue after the other."""

    first: Catalogue
    second: Catalogue

    def __iter__(self) -> Iterator[Entry]:
        """Every entry of both."""
        yield from self.first
        yield from self.second

    def get(self, name: str) -> Entry | None:
        """One entry of either."""
        return self.first.get(name) or self.second.get(name)


class SelectionError(UserError):
    """A name that is no check id, prefix or slug; the message names it, where it stands, and the nearest ones."""


@record(frozen=True, slots=True, kw_only=True)
class Wish:
    """One entry of a `select` or `ignore`."""

    name: str
    """An id (``LNK002``), a prefix of ids (``LNK``) or a slug (``plugin-symbol-not-found``)."""
    source: str
    """Where it was said: ``"--ignore"``, or the file and key."""
    from_command_line: bool
    reason: str | None = None
    """Why, for an ignored check of the settings."""


@record(frozen=True, slots=True)
class Selection:
    """The checks that take part, and a sentence for each check that was left out by name."""

    ids: frozenset[str]
    notes: tuple[str, ...] = ()

    def __contains__(self, check_id: object) -> bool:
        """Whether a check takes part."""
        return check_id in self.ids


def choose(registry: Catalogue, *, select: Iterable[Wish] = (), ignore: Iterable[Wish] = ()) -> Selection:
    """Reduce wishes to the ids that take part.

    Without a `select` every check takes part. What is named more exactly wins: an id beats a prefix, a longer prefix
    beats a shorter one. Of two equally exact wishes the command line beats the settings, and otherwise `ignore` beats
    `select`.

    Raises `SelectionError` for a name that fits no check.
    """
    wanted = _weights(registry, select)
    unwanted = _weights(registry, ignore)
    everything = not wanted
    ids: set[str] = set()
    notes: list[str] = []
    for check in registry:
        for_it = max((weight for weight, _ in wanted.get(check.id, ())), default=(0, False) if everything else None)
        against = max(unwanted.get(check.id, ()), key=lambda entry: entry[0], default=None)
        if for_it is None:
            continue
        if against is None or for_it > against[0]:
            ids.add(check.id)
            continue
        wish = against[1]
        because = f": {wish.reason}" if wish.reason else ""
        notes.append(f"{check.id} ({check.slug}){_LEFT_OUT}{wish.source}{because}")
    return Selection(frozenset(ids), tuple(notes))


def without_rules(wishes: Iterable[Wish]) -> list[Wish]:
    """Without what settings say of the rules for training scripts, which are no checks of an environment."""
    return [wish for wish in wishes if wish.from_command_line or not wish.name.upper().startswith(RULE_FAMILY)]


def is_note_of_choice(note: str) -> bool:
    """Whether a remark of a report is one of `Selection.notes`."""
    return _LEFT_OUT in note


_Weights = dict[str, list[tuple[tuple[int, bool], Wish]]]


def _weights(registry: Catalogue, wishes: Iterable[Wish]) -> _Weights:
    weights: _Weights = {}
    for wish in wishes:
        ids, exactness = _matches(registry, wish)
        for check_id in ids:
            weights.setdefault(check_id, []).append(((exactness, wish.from_command_line), wish))
    return weights


def _matches(registry: Catalogue, wish: Wish) -> tuple[list[str], int]:
    """The ids that a wish names, and how exactly (the number of letters of the id that it fixes)."""
    check = registry.get(wish.name)
    if check is not None:
        return [check.id], len(check.id)
    prefix = wish.name.upper()
    ids = [check.id for check in registry if check.id.startswith(prefix)] if prefix else []
    if not ids:
        message = f"{wish.source}: {unknown_name(registry, wish.name)}"
        raise SelectionError(message)
    return ids, len(prefix)


def unknown_name(registry: Catalogue, name: str) -> str:
    """Say that `name` is no check, and which names come nearest."""
    near = nearest(registry, name)
    offered = " or ".join(filter(None, (", ".join(near[:-1]), *near[-1:])))
    hint = f"; did you mean {offered}?" if near else "; `m1doctor checks` lists them"
    return f"there is no check {name!r}{hint}"


def nearest(registry: Catalogue, name: str) -> list[str]:
    """The ids and slugs that look most like `name`, at most three; where none does, the families."""
    exact = {check.id.lower(): check.id for check in registry} | {check.slug: check.slug for check in registry}
    exact |= {retired.lower(): successor for retired, successor in RETIRED.items()}
    families = {check.family.lower(): check.family for check in registry}
    number = re.fullmatch(r"([a-z]+)-?0*(\d{1,3})", name.lower())
    if number is not None and (meant := f"{number[1]}{int(number[2]):03}") in exact:
        return [exact[meant]]  # TF3, TF-03, TF0003
    for known in (exact, families):
        matches = difflib.get_close_matches(name.lower(), known, n=3)
        if matches:
            return [known[match] for match in matches]
    return []
