"""A model traced in the target's TensorFlow, by a child of its own."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from m1doctor.collect.answer import taken
from m1doctor.collect.child import EXIT_STAGE, IMPORT_STAGE, run_child
from m1doctor.collect.world import World
from m1doctor.knowledge.parts import Part
from m1doctor.model.operations import Traced
from m1doctor.model.record import record
from m1doctor.model.runtime import ChildOutcome

_DEVICES_STAGE = "devices"
PART = "ops"
"""The name of the part of the child."""


class ModelKind(StrEnum):
    """What a model is kept in."""

    KERAS = "keras"
    """A `.keras` archive."""
    SAVED_MODEL = "saved_model"
    """A folder with a `saved_model.pb`."""
    SCRIPT = "script"
    """A function of a Python file."""


@record(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be traced."""

    kind: ModelKind
    path: str
    function: str | None = None
    """Of a script: what returns the model."""
    dtype: str | None = None
    """The policy to make the model with; `None` for its own."""
    training: bool = True
    without_plugins: bool = False
    """Whether TensorFlow is imported without the plugins of the target, so that only its own kernels count."""


def trace_model(
    world: World, python: str, question: Question, *, limit_seconds: float, tell: Callable[[str], None]
) -> Traced | ChildOutcome:
    """Trace the model in a child of `python`; how the child ended, where it did not come so far.

    `limit_seconds` is the limit of the whole child. `tell` hears a few words when a stage begins.
    """
    options: dict[str, Any] = {
        "kind": question.kind.value,
        "path": question.path,
        "function": question.function,
        "dtype": question.dtype,
        "training": question.training,
    }
    part = Part(
        name=PART,
        section=PART,
        words="tracing the model",
        limit_seconds=limit_seconds,
        options=options,
        source="the question",
        date="",
    )
    words = {IMPORT_STAGE: "importing TensorFlow", _DEVICES_STAGE: "listing devices", PART: part.words}
    child = run_child(
        world,
        python,
        (IMPORT_STAGE, _DEVICES_STAGE),
        parts=(part,),
        limit_seconds=limit_seconds,
        tell=lambda stage: tell(words.get(stage, "leaving the target's Python")),
        options={"without_plugins": question.without_plugins},
    )
    traced = taken(child.report.answers.get(PART), Traced) if PART not in child.report.raised else None
    return traced or child.outcome(("", IMPORT_STAGE, _DEVICES_STAGE, PART, EXIT_STAGE))
