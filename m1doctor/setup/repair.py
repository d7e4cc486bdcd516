"""The plan of a repair: what of a report's remedies can be done by us, what is left to a person, and whether it helped.

Pure: a saved report gives the same plan on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field

from m1doctor.model.finding import Finding, Level
from m1doctor.model.record import record
from m1doctor.model.remedy import Action, Change, Step
from m1doctor.model.report import Report, Result, Status
from m1doctor.setup.refusals import why_not_to_change

_ORDER = (Action.UNINSTALL, Action.REINSTALL, Action.INSTALL)
"""What is removed makes room first; what is to be installed is told to the resolver at once and last, so that one
requirement does not undo another."""
_TEXTS = {
    Action.UNINSTALL: "Remove {what}.",
    Action.REINSTALL: "Lay every file of {what} down anew.",
    Action.INSTALL: "Install {what}.",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@record(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change to the packages of the environment."""

    action: Action
    requirements: tuple[str, ...]
    """What is installed, as pip writes it; names for an uninstall. Each once."""

    @property
    def text(self) -> str:
        """What it does, as an imperative sentence."""
        return _TEXTS[self.action].format(what=", ".join(self.requirements))

    @property
    def names(self) -> tuple[str, ...]:
        """The distributions that it names, normalized (PEP 503)."""
        return tuple(distribution_name(each) for each in self.requirements)


@record(frozen=True, slots=True, kw_only=True)
class Aim:
    """A cause that the repair is about."""

    id: str
    slug: str
    message: str


@record(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What is left to a person for one cause."""

    id: str
    slug: str
    summary: str
    steps: tuple[Step, ...]
    why: str | None = None
    """Why we do not do it ourselves, where it could be mistaken for something that we do; `None` for manual steps."""


@record(frozen=True, slots=True, kw_only=True)
class RepairPlan:
    """What `fix` would do about a report."""

    python: str | None
    """The interpreter of the environment."""
    environment: str | None
    """The folder of the environment."""
    aims: tuple[Aim, ...] = ()
    """Causes that the operations, or the rebuild, are to mend."""
    operations: tuple[Operation, ...] = ()
    rebuild: Change | None = None
    """Another environment beside this one, in the place of all operations: a wrong architecture is never patched."""
    by_hand: tuple[ByHand, ...] = ()
    refusal: str | None = None
    """Why nothing is done to this environment, in a sentence."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing for us to do."""
        return self.refusal is not None or not (self.operations or self.rebuild)


def distribution_name(requirement: str) -> str:
    """The normalized name that a requirement begins with: ``"Keras>=3"`` is about ``"keras"``."""
    match = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[0] if match else requirement).lower()


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
        self.changes: list[Change] = []
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
        self.changes += changes
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
            wanted = [each for change in self.changes if change.action is action for each in change.requirements]
            if wanted:
                found.append(Operation(action=action, requirements=tuple(dict.fromkeys(wanted))))
        return tuple(found)


def _names(change: Change) -> tuple[str, ...]:
    return tuple(distribution_name(each) for each in change.requirements)


@record(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an environment is better than it was."""

    mended: tuple[str, ...]
    """Ids of the aims that fail no more."""
    left: tuple[str, ...]
    """Ids of the aims that still fail."""
    harmed: tuple[str, ...] = ()
    """What is wrong now and was not before, a sentence each with its id in front."""
    uncovered: tuple[str, ...] = field(default=())
    """Ids that fail now and could not be judged before, because a mended failure stood in front of them."""

    @property
    def better(self) -> bool:
        """Whether the repair is to be kept: something was mended and nothing was harmed."""
        return bool(self.mended) and not self.harmed


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
