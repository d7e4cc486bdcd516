from __future__ import annotations

from dataclasses import replace

import pytest

import reports
from m1doctor.model.remedy import Action, Change, manual
from m1doctor.model.repair import Aim, ByHand, Judgement, Moved, Operation, Preview, RepairPlan
from m1doctor.render.page import Canvas
from m1doctor.render.repair import outcome_as_text, plan_as_text

INSTALL = Operation(action=Action.INSTALL, requirements=("numpy<2",))
PLAN = RepairPlan(
    python="/env/bin/python",
    environment="/env",
    aims=(Aim(id="PKG003", slug="dependency-conflict", message="NumPy is too new."),),
    operations=(INSTALL,),
    by_hand=(
        ByHand(
            id="PY006", slug="leaking-search-path", summary="Clear it.", steps=(manual("Open ~/.zshrc."),), why="so"
        ),
    ),
)
SEEN = Preview(
    moved=(
        Moved(name="numpy", before="2.3.1", after="1.26.4"),
        Moved(name="new", before=None, after="1.0"),
        Moved(name="old", before="3.0", after=None),
        Moved(name="gast", before="0.7.0", after="0.7.0"),
    ),
    names=("numpy",),
    backup_bytes=65_000_000,
)


def shown(plan: RepairPlan = PLAN, seen: Preview | None = SEEN, width: int = 80) -> str:
    page = Canvas(width=width, colour=False, unicode=True)
    commands = [(operation, ("uv", "pip", "install", *operation.requirements)) for operation in plan.operations]
    plan_as_text(page, reports.broken()[0], plan, seen, commands)
    return page.text()


def test_a_plan_says_what_is_done_with_versions_and_what_is_left() -> None:
    text = shown()
    assert text.partition("To be repaired")[2] == (
        "\n  PKG003 NumPy is too new.\n"
        "\n"
        "What is done to /env\n"
        "  1. Back it up (65 MB where it cannot be cloned).\n"
        "  2. Install numpy<2.\n"
        "     uv pip install 'numpy<2'\n"
        "     numpy 2.3.1 -> 1.26.4\n"
        "     new 1.0 (new)\n"
        "     old 3.0 (removed)\n"
        "     gast 0.7.0 (again)\n"
        "  3. Examine it again: keep the repair if it is better, else put everything\n"
        "     back.\n"
        "\n"
        "Left to you\n"
        "  PY006 Clear it.\n"
        "    Not done here: so.\n"
        "    - Open ~/.zshrc.\n"
    )


def test_a_refusal_and_a_rebuild_promise_no_repair() -> None:
    refused = shown(replace(PLAN, refusal="This is the base of conda."))
    assert "Not repaired: This is the base of conda.\n" in refused
    assert "What is done to" not in refused
    rebuild = Change(action=Action.REBUILD, folder="/env-native", python="3.11")
    assert "\n  /env-native\n" in shown(replace(PLAN, operations=(), rebuild=rebuild))


@pytest.mark.parametrize("width", [40, 80, 100])
def test_prose_keeps_to_the_width_and_what_is_hostile_is_escaped(width: int) -> None:
    text = shown(replace(PLAN, refusal=reports.HOSTILE * 3), width=width)
    assert "\x1b" not in text
    assert all(len(line) <= width for line in text.splitlines() if "/" not in line)


def ended(judgement: Judgement | None, *, kept: bool, failure: str | None = None) -> str:
    page = Canvas(width=80, colour=False, unicode=True)
    outcome_as_text(page, PLAN, judgement, reports.healthy()[0], kept=kept, failure=failure)
    return page.text()


def test_a_kept_repair_says_what_is_mended_and_how_it_is_taken_back() -> None:
    text = ended(Judgement(mended=("PKG003",), left=(), uncovered=("TF004",)), kept=True)
    assert text.startswith("Mended: PKG003 dependency-conflict\nNow: ")
    assert "TF004 could not be judged before" in text
    assert text.endswith("To take it back: m1doctor undo /env\n")


def test_a_repair_that_was_put_back_says_why() -> None:
    harmed = ended(Judgement(mended=("PKG003",), left=(), harmed=("PKG004: It is damaged.",)), kept=False)
    assert harmed.startswith("The environment is as it was: everything was put back.\n")
    assert "It would have broken PKG004: It is damaged.\n" in harmed
    assert "Not mended: PKG003 dependency-conflict\n" in ended(Judgement(mended=(), left=("PKG003",)), kept=False)
    assert "  Why: Install numpy<2: no network\n" in ended(None, kept=False, failure="Install numpy<2: no network")
