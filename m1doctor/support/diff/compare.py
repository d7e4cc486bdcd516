"""Compare two reports: which failures came and went, with which changes, and what else is not what it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace

from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry
from m1doctor.model.comparison import Change, Changes, Comparison, Group, NotCompared, Side, Turn, Unit, Value
from m1doctor.model.facts import Facts
from m1doctor.model.report import Report, Result, Status
from m1doctor.support.diff.measures import SECTIONS, Measure

NOISE = 0.1
"""The share by which memory and speeds differ without anything having changed."""
NOISE_BYTES = 64 * 2**20
"""The same for memory and room, whatever their share."""
_MEASURED = (Unit.BYTES, Unit.ROOM, Unit.SECONDS, Unit.PER_SECOND, Unit.GFLOPS)
_FOUND = (Status.NOTE, Status.WARNING, Status.ERROR)


def compare(
    before: Report,
    after: Report,
    registry: Registry,
    *,
    names: tuple[str, str],
    selected: Callable[[str], bool],
) -> Comparison:
    """Compare two reports that were both judged by the `selected` checks of `registry`.

    `names` are what the two were asked for by.
    """
    appeared, gone, altered = _turns(before, after)
    facts = before.facts, after.facts
    measured = [_measured(side) for side in facts]
    failing = _failing(before.results)
    groups = []
    for group in Group:
        results = _failing(judge(_with_group(*facts, group), registry, selected=selected))
        found = _changes(group, *facts, *measured)
        named = (_named(change, before, after, (*appeared, *gone)) for change in found.changes)
        changes = replace(
            found,
            brings=tuple(turn.id for turn in appeared if turn.id in results - failing),
            mends=tuple(turn.id for turn in gone if turn.id in failing - results),
            changes=tuple(sorted(named, key=lambda change: not change.named_by)),
        )
        if changes != Changes(group=group):
            groups.append(changes)
    groups.sort(key=lambda each: not (each.brings or each.mends))
    return Comparison(
        before=_side(names[0], before),
        after=_side(names[1], after),
        appeared=appeared,
        gone=gone,
        altered=altered,
        groups=tuple(groups),
        not_compared=tuple(_not_compared(*facts)),
    )


def _side(name: str, report: Report) -> Side:
    created = report.replay_of or report.created
    return Side(name=name, created=created, target=report.target, verdict=report.verdict)


def _turns(before: Report, after: Report) -> tuple[tuple[Turn, ...], tuple[Turn, ...], tuple[Turn, ...]]:
    """What appeared, what is gone, and what is found in both at another level: the worst first."""
    earlier = {result.id: result for result in before.results}
    appeared: list[Turn] = []
    gone: list[Turn] = []
    altered: list[Turn] = []
    for now in after.results:
        was = earlier.get(now.id)
        if was is None or was.status is now.status:
            continue
        found_then, found_now = was.status in _FOUND, now.status in _FOUND
        if found_then or found_now:
            told = now if found_now else was
            turn = Turn(id=now.id, slug=now.slug, before=was.status, after=now.status, summary=told.summary)
            (altered if found_then and found_now else appeared if found_now else gone).append(turn)
    order = {check_id: number for number, check_id in enumerate((*after.verdict.causes, *before.verdict.causes))}

    def sorted_turns(turns: list[Turn]) -> tuple[Turn, ...]:
        return tuple(sorted(turns, key=lambda turn: order.get(turn.id, len(order))))

    return sorted_turns(appeared), sorted_turns(gone), sorted_turns(altered)


def _failing(results: Iterable[Result]) -> set[str]:
    return {result.id for result in results if result.status in _FOUND}


def _with_group(before: Facts, after: Facts, group: Group) -> Facts:
    """The earlier facts with those of one group taken from the later."""
    sections = {name for name, (of_group, _) in SECTIONS.items() if of_group is group}
    unknown = {name: why for name, why in before.unknown.items() if name not in sections}
    unknown |= {name: why for name, why in after.unknown.items() if name in sections}
    return replace(before, unknown=unknown, **{name: getattr(after, name) for name in sections})


def _not_compared(before: Facts, after: Facts) -> Iterator[NotCompared]:
    for each in fields(Facts):
        if each.name in SECTIONS:
            known = [getattr(facts, each.name) is not None for facts in (before, after)]
            if known[0] != known[1]:
                side, facts = ("after", after) if known[0] else ("before", before)
                why = facts.why_unknown(each.name)
                yield NotCompared(section=each.name, missing_in=side, reason=why.reason if why else "")


def _measured(facts: Facts) -> dict[tuple[Group, str], Measure]:
    found: dict[tuple[Group, str], Measure] = {}
    for name, (_, measures) in SECTIONS.items():
        section = getattr(facts, name)
        if section is not None:
            for measure in measures(section):
                found.setdefault((measure.group, measure.what), measure)
    return found


def _changes(
    group: Group,
    facts_before: Facts,
    facts_after: Facts,
    before: dict[tuple[Group, str], Measure],
    after: dict[tuple[Group, str], Measure],
) -> Changes:
    """What differs in one group."""
    changes: list[Change] = []
    known_before: list[str] = []
    known_after: list[str] = []
    steady = 0
    for key in dict.fromkeys(key for key in (*before, *after) if key[0] is group):
        then, now = (side[key].value if key in side else None for side in (before, after))
        measure = before.get(key) or after[key]
        listed = group is Group.PACKAGES and facts_before.packages and facts_after.packages
        if then == now:
            continue
        if (then is None or now is None) and not (listed and (key in before) != (key in after)):
            if key in before and key in after:
                (known_before if now is None else known_after).append(measure.what)
        elif measure.unit in _MEASURED and group in (Group.MEMORY, Group.SPEEDS) and _is_noise(then, now, measure.unit):
            steady += 1
        else:
            changes.append(Change(what=measure.what, before=then, after=now, unit=measure.unit))
    return Changes(
        group=group,
        changes=tuple(changes),
        known_before=tuple(known_before),
        known_after=tuple(known_after),
        steady=steady,
    )


def _is_noise(then: Value | None, now: Value | None, unit: Unit) -> bool:
    if not isinstance(then, int | float) or not isinstance(now, int | float):
        return False
    least = NOISE_BYTES if unit in (Unit.BYTES, Unit.ROOM) else 0
    return abs(now - then) <= max(NOISE * max(abs(then), abs(now)), least)


def _named(change: Change, before: Report, after: Report, turns: Iterable[Turn]) -> Change:
    """The change with the ids of the failures, new or gone, that name it."""
    word = re.compile(rf"(?<![\w-]){re.escape(change.what)}(?![\w-])", re.IGNORECASE)
    results = {result.id: result for report in (before, after) for result in report.results if result.findings}
    named = (turn.id for turn in turns if turn.id in results and _mentions(results[turn.id], word))
    return replace(change, named_by=tuple(named))


def _mentions(result: Result, word: re.Pattern[str]) -> bool:
    return any(word.search(finding.message) for finding in result.findings)
