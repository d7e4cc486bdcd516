"""Making a new environment from a plan: for `setup`, and for a repair that cannot be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.cli.asking import consent
from m1doctor.cli.terminal import write_err
from m1doctor.collect.host import collect_host
from m1doctor.errors import UserError
from m1doctor.knowledge.environments import published
from m1doctor.locks.reading import read_lock
from m1doctor.locks.uv import find_uv
from m1doctor.model.account import Outcome
from m1doctor.model.building import BuildPlan, Lock, Wish
from m1doctor.model.given_lock import LockForm
from m1doctor.model.report import Target, TargetKind
from m1doctor.render.building import plan_as_text, usage_as_text
from m1doctor.setup.building import lock_to_install, plan_environment
from m1doctor.setup.left_behind import left_behind
from m1doctor.setup.make import Builder, Present

if TYPE_CHECKING:
    from m1doctor.cli.changing import Surroundings
    from m1doctor.cli.voice import Voice
    from m1doctor.collect.examine import Depth
    from m1doctor.model.host import Host
    from m1doctor.model.remedy import Change
    from m1doctor.model.repair import RepairPlan
    from m1doctor.model.report import Report


def open_lock(path: Path) -> Lock:
    """Read a lock of the user's own. Raises `UserError` that names the file."""
    try:
        given = read_lock(str(path))
    except UserError as error:
        message = f"--lock: {error}"
        raise UserError(message) from error
    if given.form not in (LockForm.REQUIREMENTS, LockForm.PYLOCK):
        message = (
            f"--lock: {path} is for conda ({given.form.value}): a hashed requirements.txt or a pylock.toml is expected"
        )
        raise UserError(message)
    if not given.packages:
        message = f"--lock: {path} pins nothing: a hashed requirements.txt or a pylock.toml is expected"
        raise UserError(message)
    return lock_to_install(given)


def planned(wish: Wish, host: Host, free_bytes: int | None) -> BuildPlan:
    """The plan of what was wished for, with the environments that ship with m1doctor."""
    own = None if wish.lock is None else open_lock(Path(wish.lock))
    return plan_environment(wish, host, published(), own_lock=own, free_bytes=free_bytes)


def planned_here(here: Surroundings, wish: Wish) -> BuildPlan:
    """The plan for this machine, with the room where the environment goes."""
    place = next(each for each in Path(wish.environment).parents if each.exists())
    room = here.world.free_bytes(place)
    return planned(wish, collect_host(here.world, place), None if room is None else room[1])


def planned_for_report(wish: Wish, report: Report, file: str) -> BuildPlan:
    """The plan for the machine of a saved report. Raises `UserError` where that says nothing of a machine."""
    host = report.facts.host
    if host is None:
        message = f"{file}: its report says nothing of a machine"
        raise UserError(message)
    free = [each.free_bytes for each in host.volumes or () if each.purpose in ("environment", "home")]
    return planned(wish, host, min(free, default=None))


def show(voice: Voice, plan: BuildPlan, *, moved_aside: bool = False) -> None:
    """Say a plan."""
    page = voice.page()
    plan_as_text(page, plan, moved_aside=moved_aside)
    voice.say(page.text())


def make(
    here: Surroundings, wish: Wish, plan: BuildPlan, depth: Depth, *, replace_there: bool, dry_run: bool, yes: bool
) -> Report | None:
    """Ask and carry out; the report of the environment, or `None` where none was made.

    The account has the plan already. Raises `UserError` where another environment is in its place, and
    `UnfinishedError` where a step fails.
    """
    builder = Builder(here.world, find_uv(), here.journal)
    environment = Path(plan.environment)
    present = builder.look(environment, plan.lock)
    if present is Present.WANTED:
        words = f"{environment} is there and holds all that the lock pins; nothing is to be done"
        write_err(f"m1doctor: {words}")
        here.note(replace(here.account, outcome=Outcome.NOTHING_TO_DO, why=words, deeds=()))
        return _conclude(here, wish, depth)
    if present is Present.OTHER and not (replace_there and wish.conda is None):
        message = (
            f"{environment} is there and is not what would be made. m1doctor fix repairs it; --replace makes a new one "
            "and keeps the old one beside it"
        )
        raise UserError(message)
    moved_aside = present is Present.OTHER
    show(here.voice, plan, moved_aside=moved_aside)
    if dry_run or not consent("Make it?", yes=yes):
        return None
    with here.journal.alone(), here.told("setup") as tell:
        builder.build(plan, replace=moved_aside, tell=tell)
    here.voice.say("\n")
    return _conclude(here, wish, depth)


def _conclude(here: Surroundings, wish: Wish, depth: Depth) -> Report:
    """Examine the environment, and say how to use it."""
    target = Target(kind=TargetKind.PYTHON, path=f"{wish.environment}/bin/python", why="made by m1doctor")
    report = here.examine(target, depth)
    here.note(replace(here.account, report=report))
    return report


def tell_usage(here: Surroundings, wish: Wish) -> None:
    """Say how to use the environment."""
    page = here.voice.page()
    shell = here.world.environ.get("SHELL", "").rpartition("/")[2]
    usage_as_text(page, wish.environment, shell=shell, conda=wish.conda, jupyter=wish.jupyter)
    here.voice.say(f"\n{page.text()}")


def wish_beside(change: Change) -> Wish:
    """The environment that is made beside one that cannot be repaired."""
    assert change.folder is not None  # noqa: S101 - a rebuild says where
    return Wish(environment=change.folder, python=change.python)


def with_left_behind(plan: RepairPlan, report: Report, building: BuildPlan) -> RepairPlan:
    """The plan of a repair, with what the new environment will lack of the old one's packages."""
    if report.facts.packages is None or building.lock is None:
        return plan
    lock = building.lock.path
    locked = {each.name for each in read_lock(lock).packages}
    lacking = left_behind(report.facts.packages, locked, environment=building.environment, lock=lock, aims=plan.aims)
    of_cause = [each for each in plan.by_hand if lacking and each.id == lacking[0].id]
    others = [each for each in plan.by_hand if each not in of_cause]
    return replace(plan, by_hand=(*of_cause, *lacking, *others))
