"""The changes to a watched script that are most worth while: what holds it back, with the line where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.profile import SourceHint
from m1doctor.model.record import record
from m1doctor.model.report import Report, Result

MOST = 3
_RULES = {
    "TF005": ("LOAD001",),
    "TF006": ("LOAD002", "LOAD004", "LOAD301"),
    "TF009": ("LOAD3",),
    "TF014": ("LOAD309",),
    "PERF002": ("LOAD2",),
    "PERF006": ("LOAD101", "LOAD102", "LOAD103"),
    "PERF007": ("LOAD104", "LOAD105"),
}
"""By the check that a run fails: the rules of the linter that find its reason in the source, by id or its beginning."""


@record(frozen=True, slots=True, kw_only=True)
class Worthwhile:
    """One change."""

    id: str
    """Of the check or the rule that it comes from."""
    what: str
    place: str | None = None
    """``file:line``."""
    source_line: str | None = None
    gain: str | None = None
    """What it brought where it was measured, in one clause."""


def worthwhile(report: Report) -> tuple[Worthwhile, ...]:
    """At most three changes: what the run showed first, then what only the source shows, errors before warnings."""
    profile = report.facts.profile
    if profile is None:
        return ()
    return tuple(_changes(report, list(profile.hints)))[:MOST]


def _changes(report: Report, hints: list[SourceHint]) -> Iterator[Worthwhile]:
    order = {name: number for number, name in enumerate(report.verdict.causes)}
    shown = [result for result in report.results if result.id in _SHOWN_BY_A_RUN and result.findings]
    for result in sorted(shown, key=lambda each: order.get(each.id, len(order))):
        rules = _RULES.get(result.id, ())
        fitting = [hint for hint in hints if hint.rule.startswith(rules)] if rules else []
        for hint in fitting:
            hints.remove(hint)
        yield _shown(result, result.findings[0], fitting[0] if fitting else None)
    for hint in sorted(hints, key=lambda each: -each.level.weight):
        if hint.level is not Level.NOTE:
            yield Worthwhile(
                id=hint.rule,
                what=hint.message,
                place=f"{hint.path}:{hint.line}",
                source_line=hint.source_line,
                gain=hint.gain,
            )


_SHOWN_BY_A_RUN = frozenset(
    {"TF005", "TF006", "TF009", "TF014", "MEM002", "MEM006", "PERF002", "PERF003", "PERF006", "PERF007"}
)
"""The checks that a watched script speaks for; the others speak of the machine and the environment."""


def _shown(result: Result, finding: Finding, hint: SourceHint | None) -> Worthwhile:
    place = finding.location or (Location(path=hint.path, line=hint.line) if hint is not None else None)
    return Worthwhile(
        id=result.id,
        what=finding.remedy.summary if finding.remedy is not None else finding.message,
        place=f"{place.path}:{place.line}" if place is not None else None,
        source_line=hint.source_line if hint is not None else None,
        gain=hint.gain if hint is not None else None,
    )
