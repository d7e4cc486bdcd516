"""What every rendering of a report says, whatever its form: who belongs together, and in which words.

Captured text passes through as it is; each form makes it safe in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from m1doctor.bench.verdicts import verdicts
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.remedy import Remedy
from m1doctor.model.report import Report, Result, SkipKind, Status, Target, TargetKind, VerdictStatus

EVIDENCE_LINES = 12
"""Lines of evidence shown for one finding before the rest is counted."""
FINDINGS = 6
"""Findings of one check shown before the rest is counted."""

MARKS = {
    Status.PASS: "✓",
    Status.NOTE: "i",
    Status.WARNING: "!",
    Status.ERROR: "✗",
    Status.SKIPPED: "-",
    Status.CRASHED: "*",
}
"""A page writes the two that are not ASCII in another way for an encoding without them."""
STYLES = {
    Status.PASS: "green",
    Status.NOTE: "cyan",
    Status.WARNING: "yellow",
    Status.ERROR: "red",
    Status.SKIPPED: "dim",
    Status.CRASHED: "magenta",
}
VERDICT_STATUS = {
    VerdictStatus.HEALTHY: Status.PASS,
    VerdictStatus.NOTE: Status.NOTE,
    VerdictStatus.WARNING: Status.WARNING,
    VerdictStatus.ERROR: Status.ERROR,
    VerdictStatus.UNKNOWN: None,
}
"""The status of a check that looks like the verdict; an unknown verdict looks like none."""
_SKIP_WORDS = {
    SkipKind.EXPLAINED: "",
    SkipKind.NOT_APPLICABLE: "not applicable: ",
    SkipKind.NOT_ASKED: "not asked: ",
    SkipKind.UNKNOWN: "unknown: ",
}
_GIB = 1024**3
_MILLISECOND = 1e-3


def causes(report: Report) -> list[Result]:
    """The results that the verdict names, in its order."""
    results = {result.id: result for result in report.results}
    return [results[check_id] for check_id in report.verdict.causes if check_id in results]


def explained(report: Report) -> dict[str, list[Result]]:
    """The results that a cause explains, by its id."""
    groups: dict[str, list[Result]] = {}
    for result in report.results:
        if result.skip is SkipKind.EXPLAINED:
            groups.setdefault(result.root or "", []).append(result)
    return groups


def not_known(report: Report) -> dict[str, list[Result]]:
    """The results that nothing can be said of, by the reason."""
    groups: dict[str, list[Result]] = {}
    for result in report.results:
        if result.skip is SkipKind.UNKNOWN:
            groups.setdefault(result.reason or "no reason was given", []).append(result)
    return groups


def noted(report: Report) -> list[Result]:
    """The results that are worth a remark and no more."""
    return [result for result in report.results if result.status is Status.NOTE]


def own_failures(report: Report) -> list[str]:
    """What m1doctor itself could not do, a line each."""
    crashed = [
        f"check {result.id} ({result.slug}): {result.reason}"
        for result in report.results
        if result.status is Status.CRASHED
    ]
    return [*report.failures, *crashed]


def told(result: Result) -> str:
    """One result in one sentence: what was established, or why nothing can be said."""
    if result.skip is not None:
        return f"{_SKIP_WORDS[result.skip]}{result.reason or ''}"
    if result.status is Status.CRASHED:
        return f"{result.summary} {result.reason or ''}"
    return result.summary


def distinct(remedies: Iterable[Remedy | None]) -> Sequence[Remedy]:
    """Each remedy once: findings of one check often share theirs."""
    return list(dict.fromkeys(remedy for remedy in remedies if remedy is not None))


def describe_target(target: Target) -> str:
    """The target and why it was chosen."""
    what = "folder " if target.kind is TargetKind.FOLDER else ""
    return f"{what}{target.path} ({target.why})"


def describe_environment(facts: Facts) -> list[str]:
    """The environment and its machine in a few words, as far as they are known."""
    words: list[str] = []
    packages = facts.packages
    if packages is not None:
        names = (*known_faults().tensorflow_names, *known_faults().metal_providers)
        found = [distribution for name in names if (distribution := packages.find(name)) is not None]
        words += [f"{distribution.name} {distribution.version}" for distribution in found]
    interpreter = facts.interpreter
    if interpreter is not None and interpreter.version is not None:
        words.append(f"Python {interpreter.version}{f' {interpreter.machine}' if interpreter.machine else ''}")
    host = facts.host
    if host is not None:
        if host.macos_version:
            words.append(f"macOS {host.macos_version}")
        elif host.distribution:
            words.append(host.distribution)
        if host.chip:
            words.append(host.chip)
        if host.memory_bytes:
            words.append(f"{host.memory_bytes / _GIB:.0f} GB")
    return words


def smoke_words(facts: Facts) -> list[str]:
    """What the smoke run showed, a few words for each of its parts."""
    speeds = [f"{each.holding}{'' if each.sure else ' (unsure)'}: {each.figure}" for each in verdicts(facts)]
    return answer_words(facts) + speeds


def answer_words(facts: Facts) -> list[str]:
    """What the smoke run showed of the answers alone: whether they are right, not how fast they came."""
    answers = facts.correctness
    words: list[str] = []
    if answers is not None and answers.comparisons:
        compared = answers.comparisons
        places = " and ".join(sorted({comparison.place for comparison in compared}, reverse=True))
        right = sum(comparison.right for comparison in compared)
        judged = "right" if right == len(compared) else "WRONG"
        words.append(f"answers on {places}: {judged} ({right} of {len(compared)} are NumPy's)")
    if answers is not None and answers.pipeline is not None:
        pipe = answers.pipeline
        whole = "complete" if pipe.right else "NOT complete"
        words.append(f"{pipe.elements} elements through tf.data in {short_seconds(pipe.seconds)}, {whole}")
    return words


def lock_words(report: Report) -> str | None:
    """The pinned requirements that were written, without their path; `None` where none were."""
    lock = report.lock
    return None if lock is None else f"Pinned {lock.packages} packages {'with' if lock.hashed else 'without'} hashes"


def counts(report: Report) -> list[str]:
    """How many checks ended how, a clause each, the first with how long all took."""
    results = report.results
    statuses = Counter(result.status for result in results)
    skips = Counter(result.skip for result in results if result.skip is not None)
    words = [
        counted(statuses[Status.PASS], "passed"),
        counted(statuses[Status.ERROR], "error", "errors"),
        counted(statuses[Status.WARNING], "warning", "warnings"),
        counted(statuses[Status.NOTE], "note", "notes"),
        counted(statuses[Status.CRASHED], "crashed"),
        counted(skips[SkipKind.EXPLAINED], "explained"),
        counted(skips[SkipKind.NOT_APPLICABLE], "not applicable"),
        counted(skips[SkipKind.NOT_ASKED], f"not asked{_why_not_asked(report)}"),
        counted(skips[SkipKind.UNKNOWN], "unknown"),
    ]
    total = report.facts.timings.get("total")
    spent = f" in {short_seconds(total)}" if total is not None else ""
    checks = counted(len(results), "check", "checks") or "No checks"
    said = [word for word in words if word]
    return [f"{checks}{spent}: {said[0]}", *said[1:]] if said else [checks]


def _why_not_asked(report: Report) -> str:
    reasons = Counter(result.reason for result in report.results if result.skip is SkipKind.NOT_ASKED)
    most = [reason for reason, _ in reasons.most_common(1) if reason]
    return f" ({'mostly: ' if len(reasons) > 1 else ''}{most[0]})" if most else ""


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun; empty for none."""
    return f"{number} {one if number == 1 or many is None else many}" if number else ""


def short_seconds(value: float) -> str:
    """A duration: ``"6.4 s"``, ``"22 ms"`` or ``"0.03 ms"``."""
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.0f} ms" if value >= _MILLISECOND or not value else f"{value * 1000:.1g} ms"
