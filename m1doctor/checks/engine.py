"""The engine: runs checks over facts so that one cause is told once and no crash takes the rest along."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

from m1doctor.checks.check import Check
from m1doctor.checks.registry import Registry
from m1doctor.checks.testimony import hear
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.report import Result, SkipKind, Status, worst_status
from m1doctor.model.unknown import Unknown, UnknownKind

_SKIP_OF = {
    UnknownKind.NOT_ASKED: SkipKind.NOT_ASKED,
    UnknownKind.NOT_APPLICABLE: SkipKind.NOT_APPLICABLE,
    UnknownKind.UNAVAILABLE: SkipKind.UNKNOWN,
    UnknownKind.CRASHED: SkipKind.UNKNOWN,
}


def _all(check_id: str) -> bool:
    """Select every check."""
    return bool(check_id)


def judge(
    facts: Facts,
    registry: Registry,
    *,
    selected: Callable[[str], bool] = _all,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[Result, ...]:
    """Run every selected check and return one result each, in the order of the registry.

    A check that is not selected takes no part: it neither reports nor explains another. What a log says in a check's
    name is added to what the check finds by itself, and told even where its own facts are unknown; so is what a watched
    script shows.
    """
    results: dict[str, Result] = {}
    registered = frozenset(check.id for check in registry)
    taking_part = frozenset(filter(selected, registered))
    told, shown = hear(facts.log, registered, taking_part), _shown(facts, registered)
    for check in registry.in_judging_order():
        if selected(check.id):
            said = (*told.get(check.id, ()), *shown.get(check.id, ()))
            skipped = _unheard(check, facts, said) or _explained_by(check, results)
            results[check.id] = skipped or _judge_one(check, facts, said, clock)
    return tuple(results[check.id] for check in registry if check.id in results)


def _shown(facts: Facts, registered: frozenset[str]) -> dict[str, tuple[Finding, ...]]:
    if facts.profile is None:
        return {}
    from m1doctor.checks.watched import see  # noqa: PLC0415 - only where a script was watched

    return see(facts, registered)


def _unheard(check: Check, facts: Facts, told: tuple[Finding, ...]) -> Result | None:
    """The skipped result of a check of which a log would have to speak and does not, or `None`.

    What was never heard needs no explanation by another failure.
    """
    if told:
        return None
    if "log" in check.needs:
        return _why_skipped(check, facts)
    if facts.log_alone:
        return _skipped(check, "only a log was read", SkipKind.NOT_ASKED)
    return None


def _explained_by(check: Check, earlier: dict[str, Result]) -> Result | None:
    """The skipped result of a check that an earlier failure explains, or `None`."""
    for parent in check.after:
        result = earlier.get(parent)
        if result is None:
            continue
        if any(finding.level is not Level.NOTE and not finding.isolated for finding in result.findings):
            return _skipped(check, f"{parent} ({result.slug}) explains it", SkipKind.EXPLAINED, root=parent)
        if result.skip is SkipKind.EXPLAINED:
            root = earlier.get(result.root or "", result)
            return _skipped(check, f"{root.id} ({root.slug}) explains it", SkipKind.EXPLAINED, root=root.id)
    return None


def _judge_one(check: Check, facts: Facts, told: tuple[Finding, ...], clock: Callable[[], float]) -> Result:
    start = clock()
    try:
        skipped = _why_skipped(check, facts)
        if skipped is not None and not told:
            return skipped
        findings = (*(check.judge(facts) if skipped is None else ()), *told)
        status = worst_status(findings)
        if findings:
            summary = max(findings, key=lambda finding: finding.level.weight).message
        else:
            summary = check.passes if isinstance(check.passes, str) else check.passes(facts)
    except Exception as error:  # noqa: BLE001 - a broken check is a result, never the end of the report
        frame = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error} ({frame.name}, line {frame.lineno})"
        return Result(
            id=check.id,
            slug=check.slug,
            status=Status.CRASHED,
            summary=f"{check.id} itself failed; this is a defect of m1doctor or of a third-party check.",
            seconds=clock() - start,
            reason=reason,
        )
    return Result(
        id=check.id, slug=check.slug, status=status, summary=summary, seconds=clock() - start, findings=findings
    )


def _why_skipped(check: Check, facts: Facts) -> Result | None:
    """The skipped result of a check whose facts are unknown or that does not apply, or `None`."""
    for path in check.needs:
        unknown = facts.why_unknown(path)
        if unknown is not None:
            return _skipped(check, unknown.reason, _SKIP_OF[unknown.kind])
    reason = check.applies(facts)
    if isinstance(reason, Unknown):
        return _skipped(check, reason.reason, _SKIP_OF[reason.kind])
    if reason is not None:
        return _skipped(check, reason, SkipKind.NOT_APPLICABLE)
    return None


def _skipped(check: Check, reason: str, kind: SkipKind, root: str | None = None) -> Result:
    return Result(
        id=check.id,
        slug=check.slug,
        status=Status.SKIPPED,
        summary=f"Not judged: {reason}.",
        seconds=0.0,
        reason=reason,
        skip=kind,
        root=root,
    )
