"""Repairs as data: what would be done about a report, what uv says of it, and whether it helped."""

from __future__ import annotations

from m1doctor.model.names import distribution_name
from m1doctor.model.record import record
from m1doctor.model.remedy import Action, Change, Step

_TEXTS = {
    Action.UNINSTALL: "Remove {what}.",
    Action.REINSTALL: "Lay every file of {what} down anew.",
    Action.INSTALL: "Install {what}.",
}


@record(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change to the packages of the environment."""

    action: Action
    requirements: tuple[str, ...]
    """What is installed, as pip writes it; names for an uninstall. Each once."""
    causes: tuple[str, ...] = ()
    """Ids of the causes that ask for it."""

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


@record(frozen=True, slots=True, kw_only=True)
class Moved:
    """One distribution that a change installs, removes or replaces."""

    name: str
    """Normalized (PEP 503)."""
    before: str | None
    """Installed version; `None` for a new one."""
    after: str | None
    """`None` for one that is removed."""


@record(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the operations of a plan would do to one environment, and what a backup takes."""

    moved: tuple[Moved, ...]
    names: tuple[str, ...]
    """Normalized names of every distribution that is touched, sorted."""
    backup_bytes: int
    """Room of the copies, where the file system cannot clone."""


@record(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an environment is better than it was."""

    mended: tuple[str, ...]
    """Ids of the aims that fail no more."""
    left: tuple[str, ...]
    """Ids of the aims that still fail."""
    harmed: tuple[str, ...] = ()
    """What is wrong now and was not before, a sentence each with its id in front."""
    uncovered: tuple[str, ...] = ()
    """Ids that fail now and could not be judged before, because a mended failure stood in front of them."""

    @property
    def better(self) -> bool:
        """Whether the repair is to be kept: something was mended and nothing was harmed."""
        return bool(self.mended) and not self.harmed
