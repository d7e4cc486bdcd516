"""The account of a verb that changes something, made of its plan and of what the journal says was done. Pure."""

from __future__ import annotations

from dataclasses import replace

from m1doctor.model.account import Account, Deed, Ending, Outcome, Undoable
from m1doctor.model.building import BuildPlan
from m1doctor.model.remedy import run
from m1doctor.model.repair import Preview, RepairPlan
from m1doctor.model.report import Report
from m1doctor.setup.installer import argv_of
from m1doctor.setup.journal import Event, Transaction
from m1doctor.setup.mend import Mended


def with_repair(account: Account, report: Report, plan: RepairPlan, seen: Preview | None = None) -> Account:
    """The account with a plan of repair; `seen` is what uv says of it."""
    python = plan.python or "python"
    nothing = not (plan.aims or plan.by_hand or plan.refusal)
    return replace(
        account,
        environment=plan.environment,
        outcome=Outcome.REFUSED if plan.refusal else Outcome.NOTHING_TO_DO if nothing else Outcome.PLANNED,
        why=plan.refusal,
        aims=plan.aims,
        deeds=tuple(
            Deed(step=run(each.text, argv_of(each, python), reversible=True), causes=each.causes)
            for each in plan.operations
        ),
        packages=seen.moved if seen is not None else (),
        by_hand=plan.by_hand,
        before=report.verdict,
        report=report,
    )


def with_repaired(account: Account, ended: Mended) -> Account:
    """The account of a repair that was tried."""
    against = None
    if ended.judgement is not None and not ended.kept:
        against = "; ".join(ended.judgement.harmed) or "nothing that was to be mended was"
    kept = ended.after if ended.kept else None
    return replace(account, judgement=ended.judgement, report=kept or account.report, why=ended.failure or against)


def with_building(account: Account, plan: BuildPlan, *, beside: str | None = None) -> Account:
    """The account with the plan of a new environment, which goes beside one that cannot be repaired."""
    return replace(
        account,
        environment=plan.environment,
        outcome=Outcome.PLANNED if plan.possible else Outcome.REFUSED,
        why=None if plan.possible else plan.obstacles[0],
        beside=beside,
        what=plan.what,
        deeds=tuple(Deed(step=step, causes=tuple(aim.id for aim in account.aims)) for step in plan.steps),
        remarks=plan.remarks,
        obstacles=plan.obstacles,
    )


def concluded(account: Account, transaction: Transaction) -> Account:
    """The account of a plan that was begun: how each step and the whole have ended, as the journal has it."""
    begun = transaction.events.count(Event.STEP)
    through = transaction.had(Event.BUILT) or account.judgement is not None
    endings = [Ending.DONE] * begun
    if begun and not through:
        endings[-1] = Ending.FAILED
    return replace(
        account,
        outcome=_outcome(transaction),
        deeds=tuple(
            replace(deed, ended=endings[number] if number < len(endings) else Ending.NOT_BEGUN)
            for number, deed in enumerate(account.deeds)
        ),
        transaction=transaction.id,
        undo=("m1doctor", "undo", str(transaction.environment)) if transaction.kept else (),
    )


def _outcome(transaction: Transaction) -> Outcome:
    if transaction.open:
        return Outcome.UNFINISHED
    return {Event.KEPT: Outcome.KEPT, Event.UNDONE: Outcome.UNDONE}.get(transaction.events[-1], Outcome.ROLLED_BACK)


def undoable(transaction: Transaction) -> Undoable:
    """A transaction for a reader of documents."""
    return Undoable(
        transaction=transaction.id,
        verb=transaction.verb.value,
        environment=str(transaction.environment),
        began=transaction.began,
        plan=transaction.plan,
        interrupted=transaction.open,
    )
