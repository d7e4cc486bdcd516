"""Making a new environment: built beside its place, and put into it by one rename when it is complete."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.command import on_path
from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.model.building import BuildPlan, Lock
from m1doctor.model.remedy import Step
from m1doctor.setup.backup import Tell
from m1doctor.setup.building import installation
from m1doctor.setup.installer import (
    INSTALL_SECONDS,
    PREVIEW_SECONDS,
    InstallerError,
    changes_of,
    environ_for_uv,
    run_uv,
)
from m1doctor.setup.journal import Event, Journal, Transaction, Verb
from m1doctor.setup.undo import put_in_place

MARKERS = ("pyvenv.cfg", "conda-meta")
"""What makes a folder an environment."""


class Present(StrEnum):
    """What is in the place of the new environment."""

    NOTHING = "nothing"
    WANTED = "wanted"
    """An environment that holds all that the lock pins."""
    OTHER = "other"
    """Another environment."""


class CannotBuildError(UserError):
    """The environment cannot be made there; the message says why. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Carries plans of new environments out."""

    world: World
    uv: str
    journal: Journal

    def look(self, environment: Path, lock: Lock | None) -> Present:
        """What is in the place of `environment`. Raises `CannotBuildError` for what is no environment."""
        if not os.path.lexists(environment):
            return Present.NOTHING
        if not environment.is_dir() or not any((environment / name).exists() for name in MARKERS):
            message = f"{environment} is there and is no environment: move it away, or name another folder"
            raise CannotBuildError(message)
        python = environment / "bin" / "python"
        if lock is None or not python.exists():
            return Present.OTHER
        argv = installation(lock, str(python), "--dry-run", "--offline")
        try:
            reading = run_uv(self.world, self.uv, argv, PREVIEW_SECONDS)
        except InstallerError:
            return Present.OTHER
        # What is there beyond the lock is the user's own.
        return Present.OTHER if any(each.after for each in changes_of(reading)) else Present.WANTED

    def build(self, plan: BuildPlan, *, replace: bool, tell: Tell) -> Transaction:
        """Make the environment; with `replace`, the one that is in its place is moved aside and kept for an undo.

        Raises `UnfinishedError` where a step fails: what was there is there as before. An interrupt does the same.
        """
        environment, staging = Path(plan.environment), Path(plan.staging)
        check_place(self.world, environment)
        details = {"staging": str(staging)}
        if replace:
            details["previous"] = str(_free_name(environment))
        if staging.exists():
            message = f"{staging} is in the way: remove it, then run the same command again"
            raise CannotBuildError(message)
        texts = tuple(step.text for step in plan.steps)
        transaction = self.journal.begin(Verb.SETUP, environment, texts, details=details)
        try:
            for step in plan.steps:
                transaction = self.journal.note(transaction, Event.STEP, step.text)
                tell(step.text)
                self._run(step)
        except BaseException as error:
            shutil.rmtree(staging, ignore_errors=True)
            self.journal.note(transaction, Event.RESTORED)
            if isinstance(error, InstallerError):
                words = transaction.step.rstrip(".") if transaction.step else "setup"
                message = f"{words}: {error}. What was there is as it was."
                raise UnfinishedError(message) from error
            raise
        tell("putting it in its place")
        transaction = self.journal.note(transaction, Event.BUILT)
        put_in_place(transaction)
        return self.journal.note(transaction, Event.KEPT)

    def _run(self, step: Step) -> None:
        if step.argv[0] == "uv":
            run_uv(self.world, self.uv, step.argv, INSTALL_SECONDS)
            return
        reading = self.world.run(step.argv, timeout=INSTALL_SECONDS, environ=environ_for_uv(self.world.environ))
        if not reading.ok:
            words = reading.error or " ".join((reading.stderr or reading.stdout).split())[-500:]
            message = f"{Path(step.argv[0]).name} failed: {words or f'exit status {reading.returncode}'}"
            raise InstallerError(message)


def check_place(world: World, environment: Path) -> None:
    """Refuse a place that is not ours to write. Raises `CannotBuildError`."""
    folder = next(each for each in environment.parents if each.exists())
    if not folder.is_dir() or not world.may_write(folder):
        message = f"{folder} is not yours to write; nothing was done"
        raise CannotBuildError(message)


def _free_name(environment: Path) -> Path:
    """A name beside the environment for the one that is moved aside."""
    number = 1
    while True:
        name = environment.with_name(f"{environment.name}.before{number if number > 1 else ''}")
        if not os.path.lexists(name):
            return name
        number += 1


def find_conda(world: World) -> str:
    """The command that makes conda environments, micromamba before the others. Raises `CannotBuildError`."""
    for name in ("micromamba", "mamba", "conda"):
        for path in on_path(world, Disk(world.root), name):
            return path
    raise CannotBuildError("--conda: neither micromamba nor mamba nor conda is on PATH")
