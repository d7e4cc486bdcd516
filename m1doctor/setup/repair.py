"""The plan of a repair: what of a report's remedies can be done by us, what is left to a person, and whether it helped.

Pure: a saved report gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from m1doctor.checks.refusals import why_not_to_change
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import distribution_name
from m1doctor.model.remedy import Action, Change, Step
from m1doctor.model.repair import Aim, ByHand, Judgement, Operation, RepairPlan
from m1doctor.model.report import Report, Result, Status

_ORDER = (Action.UNINSTALL, Action.REINSTALL, Action.INSTALL)
"""What is removed makes room first; what is to be installed is told to the resolver at once and last, so that one
requirement does not undo another."""


def plan_repair(report: Report, *, own_prefix: str, only: Callable[[str], bool] = bool) -> RepairPlan:
    """Sort the remedies of the causes that `only` admits into what we do and what a person does.

    Nothing is done behind a step that only a person can take: a remedy whose manual step comes first is theirs from
    there on.
    """
    interpreter = report.facts.interpreter
    plan = _Sorting(frozenset(_of_conda(report)))
    results = {result.id: result for result in report.results}
    for check_id in report.verdict.causes:
        if only(check_id):
            plan.take(results[check_id])
    return RepairPlan(
        python=interpreter.executable if interpreter else None,
        environment=interpreter.prefix if interpreter else None,
        aims=tuple(plan.aims),
        operations=() if plan.rebuild else plan.operations(),
        rebuild=plan.rebuild,
        by_hand=tuple(plan.by_hand),
        # A new environment beside it leaves the examined one alone, whoever owns that.
        refusal=None if plan.rebuild or not plan.changes else why_not_to_change(report.facts, own_prefix),
    )


def _of_conda(report: Report) -> Iterator[str]:
    """Names of the distributions that conda has installed, and pip or uv must not change."""
    if report.facts.packages is not None:
        for each in report.facts.packages.distributions:
            if each.installer == "conda":
                yield each.normalized_name


class _Sorting:
    """Remedies on their way into a plan."""

    def __init__(self, conda: frozenset[str]) -> None:
        self._conda = conda
        self.aims: list[Aim] = []
        self.changes: list[tuple[str, Change]] = []
        """With the id of the cause that asks for it."""
        self.by_hand: list[ByHand] = []
        self.rebuild: Change | None = None

    def take(self, result: Result) -> None:
        """Sort the remedies of one cause; the same remedy of several findings counts once."""
        ours = False
        seen = set()
        for finding in result.findings:
            if finding.level is Level.NOTE or finding.remedy is None or finding.remedy in seen:
                continue
            seen.add(finding.remedy)
            ours = self._take_finding(result, finding) or ours
        if ours:
            self.aims.append(Aim(id=result.id, slug=result.slug, message=result.summary))

    def _take_finding(self, result: Result, finding: Finding) -> bool:
        """Sort one remedy; whether some of it is for us to do."""
        assert finding.remedy is not None  # noqa: S101 - the caller has looked
        steps = finding.remedy.steps
        rebuild = next((step.change for step in steps if step.change and step.change.action is Action.REBUILD), None)
        if rebuild is not None:
            self.rebuild = self.rebuild or rebuild
            self._leave(result, finding, tuple(step for step in steps if not step.argv))
            return True
        first_of_theirs = next((number for number, step in enumerate(steps) if step.change is None), len(steps))
        ours, theirs = steps[:first_of_theirs], steps[first_of_theirs:]
        changes = [step.change for step in ours if step.change is not None]
        held = sorted({name for change in changes for name in _names(change)} & self._conda)
        if held:
            why = f"{', '.join(held)} was installed by conda, and pip or uv would leave two owners behind"
            self._leave(result, finding, steps, why=why)
            return False
        self.changes += [(result.id, change) for change in changes]
        self._leave(result, finding, theirs)
        return bool(changes)

    def _leave(self, result: Result, finding: Finding, steps: tuple[Step, ...], why: str | None = None) -> None:
        assert finding.remedy is not None  # noqa: S101 - the caller has looked
        if steps:
            summary = finding.remedy.summary
            self.by_hand.append(ByHand(id=result.id, slug=result.slug, summary=summary, steps=steps, why=why))

    def operations(self) -> tuple[Operation, ...]:
        """One operation for each kind of change, in the order in which they are done."""
        found = []
        for action in _ORDER:
            changes = [(cause, change) for cause, change in self.changes if change.action is action]
            wanted = dict.fromkeys(each for _, change in changes for each in change.requirements)
            if wanted:
                causes = dict.fromkeys(cause for cause, _ in changes)
                found.append(Operation(action=action, requirements=tuple(wanted), causes=tuple(causes)))
        return tuple(found)


def _names(change: Change) -> tuple[str, ...]:
    return tuple(distribution_name(each) for each in change.requirements)


def judge_repair(before: Report, after: Report, aims: tuple[Aim, ...]) -> Judgement:
    """Compare what failed before with what fails now."""
    earlier = {result.id: result for result in before.results}
    aimed = [aim.id for aim in aims]
    failing = {result.id for result in after.results if result.status.failed}
    harmed: list[str] = []
    uncovered: list[str] = []
    for result in after.results:
        if not result.status.failed:
            continue
        old = earlier.get(result.id)
        if old is None or old.status in (Status.SKIPPED, Status.CRASHED):
            uncovered.append(result.id)
        else:
            harmed += [f"{result.id}: {finding.message}" for finding in _new(old, result)]
    return Judgement(
        mended=tuple(each for each in aimed if each not in failing),
        left=tuple(each for each in aimed if each in failing),
        harmed=tuple(harmed),
        uncovered=tuple(uncovered),
    )


def _new(old: Result, result: Result) -> Iterator[Finding]:
    """Findings that were not made before. A consequence told in other words is not new: only what is worse counts."""
    known = {finding.message for finding in old.findings}
    worst = max((finding.level.weight for finding in old.findings), default=0)
    for finding in result.findings:
        new = finding.message not in known and finding.level is not Level.NOTE
        if new and (finding.level.weight > worst or len(result.findings) > len(old.findings)):
            yield finding
