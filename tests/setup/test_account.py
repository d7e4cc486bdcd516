from __future__ import annotations

from pathlib import Path

import pytest

import reports
from m1doctor.model.account import Account, Ending, Outcome
from m1doctor.model.building import BuildPlan
from m1doctor.model.remedy import Action, run
from m1doctor.model.repair import Aim, Judgement, Operation, RepairPlan
from m1doctor.setup.account import concluded, undoable, with_building, with_repair, with_repaired
from m1doctor.setup.journal import Event, Transaction, Verb
from m1doctor.setup.mend import Mended

NOTHING = Account(m1doctor_version="1.0", created="2026-11-26T12:00:00Z", verb="fix", environment=None)
PLAN = RepairPlan(
    python="/env/bin/python",
    environment="/env",
    aims=(Aim(id="PKG003", slug="dependency-conflict", message="It is too new."),),
    operations=(
        Operation(action=Action.UNINSTALL, requirements=("old",), causes=("PKG005",)),
        Operation(action=Action.INSTALL, requirements=("numpy<2",), causes=("PKG003",)),
    ),
)
REPORT = reports.broken()[0]
BUILDING = BuildPlan(
    environment="/env",
    staging="/env.new",
    what="TensorFlow.",
    steps=(run("Make it.", ("uv", "venv"), reversible=True), run("Fill it.", ("uv", "sync"), reversible=True)),
)
JUDGED = Judgement(mended=(), left=("PKG003",), harmed=("TF001: It does not import.",))


def transaction(*events: Event, verb: Verb = Verb.FIX) -> Transaction:
    return Transaction(
        id="1", verb=verb, environment=Path("/env"), began="", plan=("Do it.",), events=(Event.BEGUN, *events)
    )


def repaired(judgement: Judgement | None = None) -> Account:
    ended = Mended(transaction=transaction(), kept=False, judgement=judgement, failure=None if judgement else "500")
    return with_repaired(with_repair(NOTHING, REPORT, PLAN), ended)


def endings(account: Account) -> list[Ending]:
    return [deed.ended for deed in account.deeds]


def test_each_step_of_a_repair_names_its_causes_and_its_command() -> None:
    first, second = with_repair(NOTHING, REPORT, PLAN).deeds
    assert (first.causes, second.causes) == (("PKG005",), ("PKG003",))
    assert second.step.argv == ("uv", "pip", "install", "--python", "/env/bin/python", "numpy<2")


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (PLAN, Outcome.PLANNED),
        (RepairPlan(python=None, environment=None), Outcome.NOTHING_TO_DO),
        (RepairPlan(python=None, environment=None, refusal="It belongs to its vendor."), Outcome.REFUSED),
    ],
)
def test_a_plan_alone_has_its_outcome(plan: RepairPlan, outcome: Outcome) -> None:
    assert with_repair(NOTHING, REPORT, plan).outcome is outcome


def test_a_repair_that_harms_says_what_and_leaves_the_report_of_before() -> None:
    account = concluded(repaired(JUDGED), transaction(Event.BACKED_UP, Event.STEP, Event.STEP, Event.RESTORED))
    assert (account.outcome, account.why) == (Outcome.ROLLED_BACK, "TF001: It does not import.")
    assert endings(account) == [Ending.DONE, Ending.DONE]
    assert account.report is REPORT


@pytest.mark.parametrize(
    ("events", "ended", "outcome"),
    [
        ((Event.RESTORED,), [Ending.NOT_BEGUN, Ending.NOT_BEGUN], Outcome.ROLLED_BACK),
        ((Event.BACKED_UP, Event.STEP, Event.RESTORED), [Ending.FAILED, Ending.NOT_BEGUN], Outcome.ROLLED_BACK),
        ((Event.STEP, Event.STEP, Event.RESTORING), [Ending.DONE, Ending.FAILED], Outcome.UNFINISHED),
    ],
)
def test_a_step_that_fails_is_the_last_that_was_begun(
    events: tuple[Event, ...], ended: list[Ending], outcome: Outcome
) -> None:
    account = concluded(repaired(), transaction(*events))
    assert (endings(account), account.outcome, account.undo) == (ended, outcome, ())


def test_an_environment_that_is_in_its_place_can_be_taken_back() -> None:
    made = transaction(Event.STEP, Event.STEP, Event.BUILT, Event.KEPT, verb=Verb.SETUP)
    account = concluded(with_building(NOTHING, BUILDING), made)
    assert (endings(account), account.outcome) == ([Ending.DONE, Ending.DONE], Outcome.KEPT)
    assert account.undo == ("m1doctor", "undo", "/env")


def test_what_stands_in_the_way_is_the_reason() -> None:
    plan = BuildPlan(environment="/env", staging="/env.new", what="", obstacles=("This is an Intel Mac.",))
    account = with_building(NOTHING, plan)
    assert (account.outcome, account.why) == (Outcome.REFUSED, "This is an Intel Mac.")


@pytest.mark.parametrize(("events", "interrupted"), [((Event.KEPT,), False), ((Event.BACKED_UP,), True)])
def test_what_a_crash_left_is_marked(events: tuple[Event, ...], interrupted: bool) -> None:  # noqa: FBT001
    assert undoable(transaction(*events)).interrupted is interrupted
