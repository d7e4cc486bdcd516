"""What differs between two reports: for people, as a JSON document, as Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial

from m1doctor.checks.sizes import disk_size, memory_size
from m1doctor.model.comparison import Change, Changes, Comparison, Group, Side, Turn, Unit, Value
from m1doctor.model.report import Status, VerdictStatus
from m1doctor.render.markdown import code, prose, table
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import paste_line, plain
from m1doctor.render.words import MARKS, STYLES, VERDICT_STATUS, short_seconds

SCHEMA_VERSION = 1
"""Of the JSON document; it rises when the meaning of a field changes."""
ROWS = 20
"""Changes of one group that are listed before the rest is counted; ``--verbose`` lists all."""
TITLES = {
    Group.PACKAGES: "Packages",
    Group.SYSTEM: "System",
    Group.RUN: "What TensorFlow did",
    Group.MEMORY: "Memory",
    Group.SPEEDS: "Speeds",
}
_BADNESS = (
    VerdictStatus.HEALTHY,
    VerdictStatus.NOTE,
    VerdictStatus.UNKNOWN,
    VerdictStatus.WARNING,
    VerdictStatus.ERROR,
)
_MEGABYTE = 10**6
_SMALL = 95 * _MEGABYTE
"""Bytes below which a size is told in MB."""
_WIDEST_NAME = 28
"""Characters of the column with names; a longer name pushes its value to the right."""


def diff_as_json(comparison: Comparison) -> str:
    """One JSON document."""
    document = {"schema_version": SCHEMA_VERSION, "different": comparison.different, **asdict(comparison)}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def diff_as_text(
    comparison: Comparison,
    *,
    width: int,
    colour: bool = False,
    unicode: bool = True,
    verbose: bool = False,
    to_rebuild: Sequence[str] = (),
) -> str:
    """The page for people; `to_rebuild` is the command that gives the packages of the earlier report."""
    page = Canvas(width=width, colour=colour, unicode=unicode)
    status = VERDICT_STATUS[comparison.after.verdict.status]
    mark, style = ("?", "magenta") if status is None else (MARKS[status], STYLES[status])
    page.add(plain(_headline(comparison)), lead=styled(f"{mark} ", f"bold {style}"), style=f"bold {style}")
    for word, side in _sides(comparison):
        page.add(plain(_told(side, comparison)), indent=2, lead=styled(f"{word:8}", "dim"), style="dim")
    if _two_environments(comparison):
        page.gap()
        page.add("These are two environments:", lead=styled("! ", "yellow"))
        for _, side in _sides(comparison):
            page.whole(plain(side.target.path), indent=2, style="dim")
    for title, turns in _turns(comparison):
        _draw_turns(page, title, turns)
    for changes in comparison.groups:
        _draw_changes(page, changes, verbose=verbose)
    remarks = list(_remarks(comparison))
    if remarks:
        page.gap()
    for remark in remarks:
        page.add(plain(remark), lead="Note: ", style="dim")
    if to_rebuild:
        page.gap()
        page.add("To have the packages of then again:")
        page.whole(paste_line(to_rebuild), indent=2, style="bold cyan")
    return page.text()


def _draw_turns(page: Canvas, title: str, turns: Sequence[Turn]) -> None:
    page.gap()
    page.add(title, style="bold")
    for turn in turns:
        shown = _shown_status(turn)
        lead = styled(f"{MARKS[shown]} ", STYLES[shown])
        page.add(styled(f"{turn.id} {turn.slug}: ", "bold") + styled(plain(_turned(turn))), indent=2, lead=lead)


def _draw_changes(page: Canvas, changes: Changes, *, verbose: bool) -> None:
    page.gap()
    page.add(_title(changes), style="bold")
    rows = changes.changes if verbose else changes.changes[:ROWS]
    left = min(max((len(plain(change.what)) for change in rows), default=0), _WIDEST_NAME) + 2
    for change in rows:
        what, then, now, remark = map(plain, _cells(change))
        page.add(f"{then} -> {now}{f' ({remark})' if remark else ''}", indent=2, lead=f"{what:{left - 1}} ")
    for line in _rest(changes, len(rows)):
        page.add(plain(line), indent=2, style="dim")


def diff_as_markdown(comparison: Comparison) -> str:
    """The same page for an issue."""
    parts = [f"**{prose(_headline(comparison))}**"]
    two = _two_environments(comparison)
    parts.append(
        "\n".join(
            f"- {word}: {prose(_told(side, comparison))}{f' ({code(side.target.path)})' if two else ''}"
            for word, side in _sides(comparison)
        )
    )
    for title, turns in _turns(comparison):
        lines = (f"- {_shown_status(turn).value}: {prose(f'{turn.id} {turn.slug}: {_turned(turn)}')}" for turn in turns)
        parts += [f"### {title}", "\n".join(lines)]
    for changes in comparison.groups:
        parts.append(f"### {prose(_title(changes))}")
        rows = [tuple(map(prose, _cells(change))) for change in changes.changes]
        if rows:
            parts.append(table(("what", "before", "after", ""), rows))
        parts += map(prose, _rest(changes, len(rows)))
    remarks = [f"- {prose(remark)}" for remark in _remarks(comparison)]
    if remarks:
        parts.append("\n".join(remarks))
    return "\n\n".join(parts) + "\n"


def _headline(comparison: Comparison) -> str:
    before, after = comparison.before.verdict, comparison.after.verdict
    worse = _BADNESS.index(after.status) - _BADNESS.index(before.status)
    if worse > 0:
        return f"It got worse: {after.headline}"
    if worse < 0:
        return f"It got better: {after.headline}"
    if comparison.appeared or comparison.gone:
        return f"Still {after.status.value}, for other reasons: {after.headline}"
    if comparison.different:
        return f"Still {after.status.value}, but not all is as it was: {after.headline}"
    return f"Nothing that counts has changed. Still {after.status.value}: {after.headline}"


def _sides(comparison: Comparison) -> tuple[tuple[str, Side], tuple[str, Side]]:
    return ("before", comparison.before), ("after", comparison.after)


def _told(side: Side, comparison: Comparison) -> str:
    """One side; its headline where the page has not told it already."""
    verdict = side.verdict
    headline = f": {verdict.headline}" if verdict.headline != comparison.after.verdict.headline else ""
    return f"{side.name}, {side.created}, {verdict.status.value}{headline}"


def _two_environments(comparison: Comparison) -> bool:
    return comparison.before.target.path != comparison.after.target.path


def _turns(comparison: Comparison) -> Iterator[tuple[str, Sequence[Turn]]]:
    for title, turns in (("New", comparison.appeared), ("Gone", comparison.gone), ("Changed", comparison.altered)):
        if turns:
            yield title, turns


def _shown_status(turn: Turn) -> Status:
    """What is new as it is now, what is gone as it was."""
    return turn.after if turn.after in (Status.NOTE, Status.WARNING, Status.ERROR) else turn.before


def _turned(turn: Turn) -> str:
    if _shown_status(turn) is turn.after:
        return turn.summary
    ended = "" if turn.after is Status.PASS else f" (now {turn.after.value})"
    return f"{turn.summary}{ended}"


def _title(changes: Changes) -> str:
    told = [
        f"what {verb} {', '.join(ids)}" for verb, ids in (("brings", changes.brings), ("mends", changes.mends)) if ids
    ]
    return f"{TITLES[changes.group]}: {' and '.join(told)}" if told else TITLES[changes.group]


def _cells(change: Change) -> tuple[str, str, str, str]:
    """What changed, from what, to what, and a remark."""
    then, now = (
        "not there" if value is None else told_value(value, change.unit) for value in (change.before, change.after)
    )
    named = f"named by {', '.join(change.named_by)}" if change.named_by else ""
    return change.what, then, now, named or _by_how_much(change)


def _by_how_much(change: Change) -> str:
    then, now = change.before, change.after
    if change.unit in (Unit.WORDS, Unit.COUNT, Unit.PERCENT) or isinstance(then, str) or isinstance(now, str):
        return ""
    return f"{(now - then) / then:+.0%}" if then and now is not None else ""


def told_value(value: Value, unit: Unit) -> str:
    """A value with its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "nothing"
    return _UNITS[unit](value)


def _size(told: Callable[[int], str], value: float) -> str:
    return f"{value / _MEGABYTE:.0f} MB" if value < _SMALL else told(int(value))


_UNITS: dict[Unit, Callable[[float], str]] = {
    Unit.WORDS: "{:g}".format,
    Unit.COUNT: "{:g}".format,
    Unit.BYTES: partial(_size, memory_size),
    Unit.ROOM: partial(_size, disk_size),
    Unit.SECONDS: short_seconds,
    Unit.PER_SECOND: "{:.0f} pages/s".format,
    Unit.PERCENT: "{:.0f} %".format,
    Unit.GFLOPS: "{:.0f} GFLOP/s".format,
}


def _rest(changes: Changes, shown: int) -> Iterator[str]:
    more = len(changes.changes) - shown
    if more:
        yield f"... and {more} more (--verbose lists them)"
    for side, names in (("before", changes.known_before), ("after", changes.known_after)):
        if names:
            yield f"Known only {side}: {', '.join(names)}."
    if changes.steady:
        values = "measured value differs" if changes.steady == 1 else "measured values differ"
        yield f"{changes.steady} {values} by no more than such values always do."


def _remarks(comparison: Comparison) -> Iterator[str]:
    for side in ("before", "after"):
        reasons: dict[str, list[str]] = {}
        for each in comparison.not_compared:
            if each.missing_in == side:
                reasons.setdefault(each.reason, []).append(each.section)
        for reason, sections in reasons.items():
            yield f"not compared, for it is not known {side}: {', '.join(sections)} ({reason})"
