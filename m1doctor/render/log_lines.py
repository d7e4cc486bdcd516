"""What else stands in a log: harmless lines, harmful advice, remarks, and how much nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from m1doctor.knowledge.log_lines import Role, wordings
from m1doctor.model.log import Log, Sighting
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import plain

SHOWN = 8
"""Kinds of harmless lines that are explained before the rest is counted; ``--verbose`` explains all."""

QUOTED = 160
"""Characters of a line that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRemarks:
    """What stands in a log beside its causes, a sentence each."""

    advice: tuple[str, ...]
    """Advice that somebody found and that must not be followed."""
    clues: tuple[str, ...]
    harmless: tuple[str, ...]
    unknown: str | None
    """How much of it says nothing that is known; `None` where all is known."""
    sample: tuple[str, ...]
    """Some of those lines, as captured."""


def remarks_on(log: Log, *, verbose: bool = True) -> LogRemarks:
    """Put into words what stands in `log`; only a verbose listing has the clues that say little."""
    known = wordings()
    by_role: dict[Role, dict[str, list[Sighting]]] = {}
    for sighting in log.sightings:
        wording = known.get(sighting.kind)
        if wording is not None and (verbose or wording.role is not Role.CLUE or not wording.quiet):
            by_role.setdefault(wording.role, {}).setdefault(sighting.kind, []).append(sighting)

    def said(role: Role) -> tuple[str, ...]:
        seen = by_role.get(role, {}).items()
        return tuple(f"{_lines(every)}: {_says(known[kind].says, every)}." for kind, every in seen)

    return LogRemarks(
        advice=tuple(
            f"Do not follow the advice on {_lines(every)}: {known[kind].says}."
            for kind, every in by_role.get(Role.ADVICE, {}).items()
        ),
        clues=said(Role.CLUE),
        harmless=said(Role.HARMLESS),
        unknown=_unknown(log) if log.unknown_lines else None,
        sample=tuple(f"line {quote.line}: {_beginning(quote.text)}" for quote in log.unknown_sample[:3]),
    )


def tell_log(page: Canvas, log: Log, *, verbose: bool) -> None:
    """Add to a page what stands in a log beside its causes."""
    remarks = remarks_on(log, verbose=verbose)
    if remarks.advice:
        page.gap()
    for words in remarks.advice:
        page.add(plain(words), lead=styled("! ", "yellow"))
    for title, sentences in (("Also in the log", remarks.clues), ("Harmless", remarks.harmless)):
        if sentences:
            _explained(page, title, sentences, verbose=verbose)
    page.gap()
    if remarks.unknown is not None:
        page.add(f"{remarks.unknown}{', for instance:' if remarks.sample else '.'}", lead=styled("? ", "magenta"))
        for line in remarks.sample:
            page.whole(plain(line), indent=4, style="dim")


def _explained(page: Canvas, title: str, sentences: tuple[str, ...], *, verbose: bool) -> None:
    page.gap()
    page.add(title, style="bold")
    shown = sentences if verbose else sentences[:SHOWN]
    for words in shown:
        page.add(plain(words), indent=2, style="dim")
    if len(shown) < len(sentences):
        page.add(f"… and {len(sentences) - len(shown)} more kinds (--verbose explains them)", indent=2, style="dim")


def _says(wording: str, sightings: list[Sighting]) -> str:
    return wording.format_map(_Blank(sightings[0].details)).rstrip(".")


def _unknown(log: Log) -> str:
    errors = ""
    if log.unknown_errors:
        errors = f", {log.unknown_errors:,} of which {'speaks' if log.unknown_errors == 1 else 'speak'} of an error"
    lines = f"{log.unknown_lines:,} of {log.lines:,} line{'' if log.lines == 1 else 's'}"
    return f"{lines} {'says' if log.unknown_lines == 1 else 'say'} nothing that m1doctor knows{errors}"


def _beginning(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _lines(sightings: Iterable[Sighting]) -> str:
    every = list(sightings)
    total = sum(sighting.count for sighting in every)
    first = min(sighting.line for sighting in every)
    return f"line {first}" if total == 1 else f"line {first} and {total - 1} more"


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
