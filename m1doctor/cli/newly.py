"""Making a new environment from a plan: for `setup`, and for a repair that cannot be one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.cli.asking import consent
from m1doctor.cli.terminal import write_err, write_out
from m1doctor.errors import UserError
from m1doctor.knowledge.environments import published
from m1doctor.locks.uv import find_uv
from m1doctor.model.building import BuildPlan, Lock, Wish
from m1doctor.model.report import Target, TargetKind
from m1doctor.render.building import plan_as_text, usage_as_text
from m1doctor.render.page import Canvas
from m1doctor.setup.building import is_pylock, plan_environment, read_lock
from m1doctor.setup.make import Builder, Present

if TYPE_CHECKING:
    from m1doctor.cli.changing import Surroundings
    from m1doctor.cli.terminal import Terminal
    from m1doctor.collect.examine import Depth
    from m1doctor.model.host import Host
    from m1doctor.model.remedy import Change
    from m1doctor.model.report import Report

LARGEST_LOCK_BYTES = 16 * 2**20


def open_lock(path: Path) -> Lock:
    """Read a lock of the user's own. Raises `UserError` that names the file."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_LOCK_BYTES).decode()
    except (OSError, ValueError) as error:
        message = f"--lock: cannot read {path}: {getattr(error, 'strerror', None) or error}"
        raise UserError(message) from error
    if ("[[packages]]" if is_pylock(str(path)) else "==") not in text:
        message = f"--lock: {path} pins nothing: a hashed requirements.txt or a pylock.toml is expected"
        raise UserError(message)
    return read_lock(str(path), text)


def planned(wish: Wish, host: Host, free_bytes: int | None) -> BuildPlan:
    """The plan of what was wished for, with the environments that ship with m1doctor."""
    own = None if wish.lock is None else open_lock(Path(wish.lock))
    return plan_environment(wish, host, published(), own_lock=own, free_bytes=free_bytes)


def show(terminal: Terminal, plan: BuildPlan, *, moved_aside: bool = False) -> None:
    """Print a plan."""
    page = Canvas(width=terminal.width, colour=terminal.colour, unicode=terminal.unicode)
    plan_as_text(page, plan, moved_aside=moved_aside)
    write_out(page.text())


def make(
    here: Surroundings, wish: Wish, plan: BuildPlan, depth: Depth, *, replace: bool, dry_run: bool, yes: bool
) -> Report | None:
    """Ask and carry out; the report of the environment, or `None` where none was made.

    Raises `UserError` where another environment is in its place, and `UnfinishedError` where a step fails.
    """
    builder = Builder(here.world, find_uv(), here.journal)
    environment = Path(plan.environment)
    present = builder.look(environment, plan.lock)
    if present is Present.WANTED:
        write_err(f"m1doctor: {environment} is there and holds all that the lock pins; nothing is to be done")
        return _conclude(here, wish, depth)
    if present is Present.OTHER and not (replace and wish.conda is None):
        message = (
            f"{environment} is there and is not what would be made. m1doctor fix repairs it; --replace makes a new one "
            "and keeps the old one beside it"
        )
        raise UserError(message)
    moved_aside = present is Present.OTHER
    show(here.terminal, plan, moved_aside=moved_aside)
    if dry_run or not consent("Make it?", yes=yes):
        return None
    with here.journal.alone(), here.told("setup") as tell:
        builder.build(plan, replace=moved_aside, tell=tell)
    return _conclude(here, wish, depth)


def _conclude(here: Surroundings, wish: Wish, depth: Depth) -> Report:
    """Examine the environment, and say how to use it."""
    target = Target(kind=TargetKind.PYTHON, path=f"{wish.environment}/bin/python", why="made by m1doctor")
    return here.examine(target, depth)


def tell_usage(here: Surroundings, wish: Wish) -> None:
    """Print how to use the environment."""
    page = Canvas(width=here.terminal.width, colour=here.terminal.colour, unicode=here.terminal.unicode)
    shell = here.world.environ.get("SHELL", "").rpartition("/")[2]
    usage_as_text(page, wish.environment, shell=shell, conda=wish.conda, jupyter=wish.jupyter)
    write_out(f"\n{page.text()}")


def make_beside(
    here: Surroundings, report: Report, change: Change, depth: Depth, *, dry_run: bool, yes: bool
) -> Report | None:
    """Another environment beside one that cannot be repaired; `None` where none was made."""
    assert change.folder is not None  # noqa: S101 - a rebuild says where
    assert report.facts.host is not None  # noqa: S101 - a wrong architecture is told from the host
    wish = Wish(environment=change.folder, python=change.python)
    place = next(each for each in Path(change.folder).parents if each.exists())
    room = here.world.free_bytes(place)
    plan = planned(wish, report.facts.host, room[1] if room else None)
    write_out("\n")
    if not plan.possible:
        show(here.terminal, plan)
        return None
    made = make(here, wish, plan, depth, replace=False, dry_run=dry_run, yes=yes)
    if made is not None:
        tell_usage(here, wish)
    return made
