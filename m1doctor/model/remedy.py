"""What to do about a finding: steps that can be pasted, and steps that only a person can take."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record


class StepKind(StrEnum):
    """Whether a step is a command or an instruction."""

    RUN = "run"
    MANUAL = "manual"


class Action(StrEnum):
    """What a change does to the packages of an environment."""

    INSTALL = "install"
    REINSTALL = "reinstall"
    """Lays every file of exactly these releases down anew, and nothing else."""
    UNINSTALL = "uninstall"
    REBUILD = "rebuild"
    """Leaves the environment as it is and makes another one beside it."""


@record(frozen=True, slots=True, kw_only=True)
class Change:
    """What a `run` step comes to, whatever the installer in its command: what `fix` does, with a backup."""

    action: Action
    requirements: tuple[str, ...] = ()
    """What is installed, as pip writes it; the names for an uninstall; empty for a rebuild."""
    folder: str | None = None
    """Where a rebuild puts the new environment; `None` for the other actions."""
    python: str | None = None
    """Minor version of Python of a rebuild, e.g. ``"3.12"``; `None` for the other actions."""


@record(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a remedy. Build it with `run` or `manual`.

    Raises `ValueError` for a manual step that carries a command or a change, or a run step without a command: a manual
    step has nothing to execute, by construction.
    """

    kind: StepKind
    text: str
    """What the step does, as an imperative sentence."""
    argv: tuple[str, ...] = ()
    """The command of a `run` step, one argument an item; never a shell line."""
    reversible: bool | None = None
    """Whether the change of a `run` step can be taken back; `None` for a manual step."""
    change: Change | None = None
    """What a `run` step changes about packages; `None` where only a person should run it."""

    def __post_init__(self) -> None:
        """Refuse the states that must not exist."""
        if (self.kind is StepKind.RUN) != bool(self.argv):
            message = f"a {self.kind.value} step with argv {self.argv!r}"
            raise ValueError(message)
        if (self.kind is StepKind.RUN) != (self.reversible is not None):
            message = f"a {self.kind.value} step with reversible {self.reversible!r}"
            raise ValueError(message)
        if self.kind is StepKind.MANUAL and self.change is not None:
            message = f"a manual step with the change {self.change!r}"
            raise ValueError(message)


def run(text: str, argv: tuple[str, ...], *, reversible: bool, change: Change | None = None) -> Step:
    """Make a step that is a command, safe to paste."""
    return Step(kind=StepKind.RUN, text=text, argv=argv, reversible=reversible, change=change)


def manual(text: str) -> Step:
    """Make a step that only a person can take: text, nothing to execute."""
    return Step(kind=StepKind.MANUAL, text=text)


@record(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to do about one finding."""

    summary: str
    """The whole remedy in one sentence."""
    steps: tuple[Step, ...]
