"""What a verb that changes something planned, did and left: the document of `setup`, `fix` and `undo`."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.remedy import Step
from m1doctor.model.repair import Aim, ByHand, Judgement, Moved
from m1doctor.model.report import Report, Verdict

SCHEMA_VERSION = 1
"""Of both documents; it rises when the meaning of a field changes."""


class Ending(StrEnum):
    """How one step ended."""

    NOT_BEGUN = "not-begun"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """How it ended as a whole."""

    PLANNED = "planned"
    """Nothing was done: a plan alone was asked for, or nobody agreed to it."""
    NOTHING_TO_DO = "nothing-to-do"
    REFUSED = "refused"
    """It cannot or must not be done here; nothing was changed."""
    KEPT = "kept"
    ROLLED_BACK = "rolled-back"
    """Something was done, and put back again: all is as it was."""
    UNDONE = "undone"
    """An earlier change was taken back."""
    UNFINISHED = "unfinished"
    """It ended in the middle; the next run brings the environment into the old state or the new one."""


@record(frozen=True, slots=True, kw_only=True)
class Deed:
    """One step of ours."""

    step: Step
    causes: tuple[str, ...] = ()
    """Ids of the checks on whose account it is taken; empty for a new environment."""
    ended: Ending = Ending.NOT_BEGUN


@record(frozen=True, slots=True, kw_only=True)
class Undoable:
    """A change that can be taken back."""

    transaction: str
    """Its id in the journal."""
    verb: str
    environment: str
    began: str
    """UTC, ISO 8601 with a final ``Z``."""
    plan: tuple[str, ...]
    """What was done, a sentence each."""
    interrupted: bool
    """Whether a crash left it half done."""


@record(frozen=True, slots=True, kw_only=True)
class Account:
    """One run of a verb that changes something: the plan, what was done, how it ended."""

    m1doctor_version: str
    created: str
    """UTC, ISO 8601 with a final ``Z``."""
    verb: str
    environment: str | None
    """Folder of the environment that is changed or made; `None` where a repair has found none."""
    outcome: Outcome = Outcome.PLANNED
    why: str | None = None
    """Why it ended so, in a sentence, where the outcome alone does not tell."""
    beside: str | None = None
    """The environment that stays as it is, where a repair makes another one beside it."""
    aims: tuple[Aim, ...] = ()
    """Causes that a repair is about."""
    what: str | None = None
    """What a new environment will hold, in one sentence."""
    deeds: tuple[Deed, ...] = ()
    """Our own steps in their order."""
    packages: tuple[Moved, ...] = ()
    """What a repair changes, as uv says beforehand."""
    by_hand: tuple[ByHand, ...] = ()
    """What is left to a person."""
    remarks: tuple[str, ...] = ()
    """What one should know beforehand, a sentence each."""
    obstacles: tuple[str, ...] = ()
    """Why a new environment cannot be made here, a sentence each."""
    takes_back: Undoable | None = None
    """What `undo` is about, or what a crash had left half done and was seen to first."""
    before: Verdict | None = None
    """Of the environment as it was found; `None` where there was none."""
    judgement: Judgement | None = None
    """Whether a repair has helped; `None` where it did not come to a second examination."""
    report: Report | None = None
    """The last examination of the environment as it is left; `None` where none was made."""
    transaction: str | None = None
    """Id in the journal of what was begun; `None` where nothing was."""
    undo: tuple[str, ...] = ()
    """The command that takes it back; empty where there is nothing to take back."""
    schema_version: int = SCHEMA_VERSION


@record(frozen=True, slots=True, kw_only=True)
class UndoList:
    """All that can be taken back on this machine, the newest first."""

    m1doctor_version: str
    transactions: tuple[Undoable, ...]
    schema_version: int = SCHEMA_VERSION
