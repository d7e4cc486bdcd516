"""What else stands in a log: harmless lines, harmful advice, remarks, and how much nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from m1doctor.knowledge.log_lines import Role, Wording, wordings
from m1doctor.model.log import Log, Sighting
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import plain

SHOWN = 8
"""Kinds of harmless lines that are explained before the rest is counted; ``--verbose`` explains all."""


def tell_log(page: Canvas, log: Log, *, verbose: bool) -> None:
    """Add to a page what stands in a log beside its causes."""
    known = wordings()
    by_role: dict[Role, dict[str, list[Sighting]]] = {}
    for sighting in log.sightings:
        wording = known.get(sighting.kind)
        if wording is not None:
            by_role.setdefault(wording.role, {}).setdefault(sighting.kind, []).append(sighting)
    _advice(page, known, by_role.get(Role.ADVICE, {}))
    clues = {kind: seen for kind, seen in by_role.get(Role.CLUE, {}).items() if verbose or not known[kind].quiet}
    _explained(page, "Also in the log", known, clues, verbose=verbose)
    _explained(page, "Harmless", known, by_role.get(Role.HARMLESS, {}), verbose=verbose)
    _unknown(page, log)


def _advice(page: Canvas, known: dict[str, Wording], seen: dict[str, list[Sighting]]) -> None:
    if seen:
        page.gap()
    for kind, sightings in seen.items():
        wording = known[kind]
        words = f"Do not follow the advice on {_lines(sightings)}: {wording.says}."
        page.add(plain(words), lead=styled("! ", "yellow"))


def _explained(
    page: Canvas, title: str, known: dict[str, Wording], seen: dict[str, list[Sighting]], *, verbose: bool
) -> None:
    if not seen:
        return
    page.gap()
    page.add(title, style="bold")
    kinds = list(seen) if verbose else list(seen)[:SHOWN]
    for kind in kinds:
        sightings = seen[kind]
        says = known[kind].says.format_map(_Blank(sightings[0].details)).rstrip(".")
        page.add(plain(f"{_lines(sightings)}: {says}."), indent=2, style="dim")
    if len(kinds) < len(seen):
        page.add(f"… and {len(seen) - len(kinds)} more kinds (--verbose explains them)", indent=2, style="dim")


def _unknown(page: Canvas, log: Log) -> None:
    page.gap()
    if not log.unknown_lines:
        return
    errors = ""
    if log.unknown_errors:
        errors = f", {log.unknown_errors:,} of which {'speaks' if log.unknown_errors == 1 else 'speak'} of an error"
    lines = f"{log.unknown_lines:,} of {log.lines:,} line{'' if log.lines == 1 else 's'}"
    lead = f"{lines} {'says' if log.unknown_lines == 1 else 'say'} nothing that m1doctor knows{errors}"
    page.add(f"{lead}{', for instance:' if log.unknown_sample else '.'}", lead=styled("? ", "magenta"))
    for quote in log.unknown_sample[:3]:
        page.whole(plain(f"line {quote.line}: {quote.text[:160]}"), indent=4, style="dim")


def _lines(sightings: Iterable[Sighting]) -> str:
    every = list(sightings)
    total = sum(sighting.count for sighting in every)
    first = min(sighting.line for sighting in every)
    return f"line {first}" if total == 1 else f"line {first} and {total - 1} more"


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
