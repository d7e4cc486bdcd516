"""`m1doctor setup`: from a bare machine to an environment that works, in one command."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit, exit_status
from m1doctor.cli.options import (
    DryRunOption,
    Format,
    FormatOption,
    NoColorOption,
    OutputOption,
    ProviderOption,
    ReportFormat,
    YesOption,
)
from m1doctor.cli.terminal import check_writable, working_folder, write_err
from m1doctor.cli.voice import Voice, voice_for
from m1doctor.errors import UserError
from m1doctor.model.building import Wish
from m1doctor.model.provider import Provider
from m1doctor.settings import FailOn, find_settings

if TYPE_CHECKING:
    from m1doctor.cli.changing import Surroundings
    from m1doctor.model.report import Report

ENVIRONMENT = ".venv"
_PYTHON = re.compile(r"3\.\d{1,2}")


def setup(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder of the project; the environment is .venv in it.")
    ] = ".",
    *,
    python_version: Annotated[
        str | None, typer.Option("--python-version", metavar="VERSION", help="Python of the environment, such as 3.12.")
    ] = None,
    provider: ProviderOption = None,
    lock: Annotated[
        str | None,
        typer.Option("--lock", metavar="FILE", help="Install this lock (requirements.txt with hashes, pylock.toml)."),
    ] = None,
    offline: Annotated[
        str | None, typer.Option("--offline", metavar="DIR", help="Install from the wheels in this folder alone.")
    ] = None,
    jupyter: Annotated[bool, typer.Option("--jupyter", help="Add a Jupyter kernel.")] = False,
    conda: Annotated[
        bool, typer.Option("--conda", help="Make it with micromamba, mamba or conda, whichever is there.")
    ] = False,
    replace_there: Annotated[
        bool, typer.Option("--replace", help="Where another environment is there, move that aside.")
    ] = False,
    replay: Annotated[
        str | None, typer.Option("--replay", metavar="FILE", help="Plan for the machine of a saved report (JSON).")
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    no_color: NoColorOption = False,
) -> int:
    """Make an environment with TensorFlow and the GPU, examine it, and say how to use it.

    A native Python, then a published lock (m1doctor compat says what is known of its pair), every file held to its
    hash. Run it again after an interruption, or to see whether all is there. m1doctor undo takes it back.
    """
    if python_version is not None and not _PYTHON.fullmatch(python_version):
        message = f"--python-version: {python_version!r} is not a Python such as 3.12"
        raise UserError(message)
    if lock is not None and provider is not None:
        raise UserError("--lock and --provider exclude each other: a lock says whose plugin it pins")
    here_folder = working_folder()
    project = Path(_absolute(here_folder, folder))
    if replay is None and not project.parent.is_dir():
        message = f"{project}: there is no folder {project.parent}"
        raise UserError(message)
    if offline is not None and not Path(_absolute(here_folder, offline)).is_dir():
        message = f"--offline: {offline} is no folder of wheels"
        raise UserError(message)

    wish = Wish(
        environment=str(project / ENVIRONMENT),
        python=python_version,
        provider=provider or Provider.AUTO,
        lock=None if lock is None else _absolute(here_folder, lock),
        wheels=None if offline is None else _absolute(here_folder, offline),
        jupyter=jupyter,
        conda="conda" if conda else None,
    )
    if output is not None:
        check_writable(Path(output), "--output")
    voice = voice_for(format, output, no_color=no_color)
    if replay is not None:
        return _replay(wish, replay, voice)

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.cli.changing import new_account, surroundings  # noqa: PLC0415

    settings = find_settings(here_folder)
    registry, broken = load()
    account = new_account("setup", wish.environment)
    with surroundings(registry, choose(registry), broken, voice, account) as here:
        report = _live(here, wish, settings.limit, replace_there=replace_there, dry_run=dry_run, yes=yes)
        if isinstance(report, Exit):
            return report
        from m1doctor.cli.newly import tell_usage  # noqa: PLC0415
        from m1doctor.cli.telling import rendered  # noqa: PLC0415

        voice.say(rendered(report, registry, ReportFormat.TEXT, voice.terminal, to_screen=True, verbose=False))
        tell_usage(here, wish)
        return exit_status(report, settings.fail_on or FailOn.ERROR)


def _replay(wish: Wish, file: str, voice: Voice) -> Exit:
    """Plan for the machine of a saved report, and change nothing."""
    from m1doctor.cli.changing import new_account  # noqa: PLC0415
    from m1doctor.cli.newly import planned_for_report, show  # noqa: PLC0415
    from m1doctor.diagnosis import load_report  # noqa: PLC0415
    from m1doctor.setup.account import with_building  # noqa: PLC0415

    plan = planned_for_report(wish, load_report(file), file)
    show(voice, plan)
    write_err("m1doctor: planned only, for the machine of a saved report; nothing was changed")
    voice.conclude(with_building(new_account("setup"), plan))
    return Exit.CLEAN if plan.possible else Exit.FINDINGS


def _live(
    here: Surroundings, wish: Wish, limit: float | None, *, replace_there: bool, dry_run: bool, yes: bool
) -> Report | Exit:
    """Make it on this machine; the report of the environment, or how to end where none was made."""
    from m1doctor.cli.newly import make, planned_here, show  # noqa: PLC0415
    from m1doctor.collect.examine import DEFAULT_LIMIT_SECONDS, Depth  # noqa: PLC0415
    from m1doctor.setup.account import with_building  # noqa: PLC0415
    from m1doctor.setup.make import find_conda  # noqa: PLC0415

    environment = Path(wish.environment)
    if wish.conda is not None:
        wish = replace(wish, conda=find_conda(here.world))
    if not here.see_to_interrupted(environment, dry_run=dry_run, yes=yes):
        return Exit.CLEAN
    plan = planned_here(here, wish)
    here.note(with_building(here.account, plan))
    if not plan.possible:
        show(here.voice, plan)
        return Exit.FINDINGS
    depth = Depth(limit_seconds=limit or DEFAULT_LIMIT_SECONDS)
    return make(here, wish, plan, depth, replace_there=replace_there, dry_run=dry_run, yes=yes) or Exit.CLEAN


def _absolute(folder: Path, given: str) -> str:
    """`given` below `folder` where it is not absolute, ``~`` expanded, without following links."""
    return os.path.normpath(folder / Path(given).expanduser())
