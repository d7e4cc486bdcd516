"""`m1doctor fix`: repair an environment, and keep the repair only if it is better."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit, exit_status
from m1doctor.cli.options import (
    DeepOption,
    DryRunOption,
    Format,
    FormatOption,
    NoColorOption,
    OutputOption,
    PythonOption,
    QuickOption,
    ReplayOption,
    YesOption,
)
from m1doctor.cli.terminal import check_writable, working_folder, write_err
from m1doctor.cli.voice import Voice, voice_for
from m1doctor.cli.wishes import words
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.settings import FailOn, find_settings

if TYPE_CHECKING:
    from m1doctor.checks.selection import Selection
    from m1doctor.cli.changing import Surroundings
    from m1doctor.collect.examine import Depth
    from m1doctor.model.remedy import Change
    from m1doctor.model.repair import Preview, RepairPlan
    from m1doctor.model.report import Report, Target


def fix(
    *,
    python: PythonOption = None,
    replay: ReplayOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECKS", help="Only these causes: ids, prefixes, slugs; comma separated."),
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    deep: DeepOption = False,
    quick: QuickOption = False,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    no_color: NoColorOption = False,
) -> int:
    """Repair an environment: plan, ask, back up, do, examine again, keep or put back.

    The target is chosen as for diagnose. What only a person can do is listed and left. A translated or Intel
    environment is never patched: another one is made beside it. m1doctor undo takes a repair back.
    """
    if replay is not None and python is not None:
        raise UserError("--replay and --python exclude each other")
    if output is not None:
        check_writable(Path(output), "--output")
    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none
    from m1doctor.checks.selection import Wish, choose  # noqa: PLC0415

    settings = find_settings(working_folder())
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    wanted = choose(registry, select=[Wish(name=name, source="--only", from_command_line=True) for name in words(only)])
    voice = voice_for(format, output, no_color=no_color)
    fail_on = settings.fail_on or FailOn.ERROR
    if replay is not None:
        from m1doctor.diagnosis import judge_again, load_report  # noqa: PLC0415

        report = judge_again(load_report(replay), registry, choose(registry), broken=broken)
        _replay(report, _planned(report, wanted), replay, voice)
        return exit_status(report, fail_on)

    from m1doctor.cli.changing import new_account, surroundings  # noqa: PLC0415 - a replay changes nothing
    from m1doctor.collect.examine import DEFAULT_LIMIT_SECONDS, Depth  # noqa: PLC0415

    depth = Depth(quick=quick, deep=deep, limit_seconds=settings.limit or DEFAULT_LIMIT_SECONDS)
    with surroundings(registry, choose(registry), broken, voice, new_account("fix")) as here:
        job = _Repair(here, here.target(python), depth, wanted, dry_run=dry_run, yes=yes)
        report = job.run()
        return Exit.UNFINISHED if job.failed else exit_status(report, fail_on)


def _planned(report: Report, wanted: Selection) -> RepairPlan:
    from m1doctor.setup.repair import plan_repair  # noqa: PLC0415

    return plan_repair(report, own_prefix=sys.prefix, only=wanted.__contains__)


def _replay(report: Report, plan: RepairPlan, file: str, voice: Voice) -> None:
    """Plan for a saved report, and change nothing."""
    from m1doctor.cli.changing import new_account  # noqa: PLC0415
    from m1doctor.setup.account import with_building, with_repair  # noqa: PLC0415

    account = new_account("fix")
    if plan.rebuild is None:
        account = with_repair(account, report, plan)
        _show(voice, report, plan)
    else:
        from m1doctor.cli.newly import planned_for_report, show, wish_beside, with_left_behind  # noqa: PLC0415

        building = planned_for_report(wish_beside(plan.rebuild), report, file)
        beside = plan.environment
        plan = with_left_behind(plan, report, building)
        account = with_building(with_repair(account, report, plan), building, beside=beside)
        _show(voice, report, plan)
        voice.say("\n")
        show(voice, building)
    write_err("m1doctor: planned only, for a saved report; nothing was changed")
    voice.conclude(account)


def _show(voice: Voice, report: Report, plan: RepairPlan, seen: Preview | None = None) -> None:
    from m1doctor.render.repair import plan_as_text  # noqa: PLC0415 - brings rich
    from m1doctor.setup.installer import argv_of  # noqa: PLC0415

    commands = [(operation, argv_of(operation, plan.python or "python")) for operation in plan.operations]
    page = voice.page()
    plan_as_text(page, report, plan, seen, commands)
    voice.say(page.text())


@dataclass
class _Repair:
    """One repair of an environment of this machine."""

    here: Surroundings
    target: Target
    depth: Depth
    wanted: Selection
    dry_run: bool
    yes: bool
    failed: bool = False
    """Whether a step could not be done."""

    def run(self) -> Report:
        """Plan, ask, mend; the report of the environment as it is left."""
        if not self.here.see_to_interrupted(Path(self.target.path), dry_run=self.dry_run, yes=self.yes):
            return self.here.examine(self.target, self.depth)
        report = self.here.examine(self.target, self.depth)
        plan = _planned(report, self.wanted)
        self._note(report, plan)
        if plan.empty:
            _show(self.here.voice, report, plan)
            if not plan.by_hand and plan.refusal is None:
                write_err("m1doctor: there is nothing to repair")
            return report
        if plan.rebuild is not None:
            return self._rebuild(report, plan, plan.rebuild)
        return self._mend(report, plan)

    def _note(self, report: Report, plan: RepairPlan, seen: Preview | None = None) -> None:
        from m1doctor.setup.account import with_repair  # noqa: PLC0415

        self.here.note(with_repair(self.here.account, report, plan, seen))

    def _mend(self, report: Report, plan: RepairPlan) -> Report:
        from m1doctor.cli.asking import consent  # noqa: PLC0415
        from m1doctor.locks.uv import find_uv  # noqa: PLC0415
        from m1doctor.render.repair import outcome_as_text  # noqa: PLC0415
        from m1doctor.setup.account import with_repaired  # noqa: PLC0415
        from m1doctor.setup.installer import InstallerError, Uv  # noqa: PLC0415
        from m1doctor.setup.mend import check_changeable, mend, preview  # noqa: PLC0415

        here = self.here
        uv = Uv(find_uv(), here.world, plan.python or "")
        try:
            with here.told("fix") as tell:
                tell("asking uv what would change")
                seen = preview(uv, plan, report.facts)
        except InstallerError as error:
            _show(here.voice, report, plan)
            message = f"uv finds no way to do this: {error}. Nothing was changed"
            raise UnfinishedError(message) from error
        _show(here.voice, report, plan, seen)
        self._note(report, plan, seen)
        check_changeable(here.world, plan, report.facts, seen, here.journal)
        if self.dry_run or not consent("Do this?", yes=self.yes):
            return report
        with here.journal.alone(), here.told("fix") as tell:
            ended = mend(
                here.world,
                plan,
                report,
                seen,
                uv=uv,
                journal=here.journal,
                diagnose=lambda: here.examine(self.target, self.depth),
                write_lock=lambda path: _write_lock(here, report, path),
                tell=tell,
            )
        self.failed = ended.failure is not None
        here.note(with_repaired(here.account, ended))
        page = here.voice.page()
        page.gap()
        outcome_as_text(page, plan, ended.judgement, ended.after, kept=ended.kept, failure=ended.failure)
        here.voice.say(f"\n{page.text()}")
        return ended.after if ended.kept and ended.after is not None else report

    def _rebuild(self, report: Report, plan: RepairPlan, change: Change) -> Report:
        """Make another environment beside the examined one, which stays as it is."""
        from m1doctor.cli.newly import make, planned_here, show, tell_usage, wish_beside, with_left_behind  # noqa: PLC0415
        from m1doctor.render.repair import left_as_text  # noqa: PLC0415
        from m1doctor.setup.account import with_building  # noqa: PLC0415

        here, wish = self.here, wish_beside(change)
        building = planned_here(here, wish)
        whole = with_left_behind(plan, report, building)
        self._note(report, whole)
        here.note(with_building(here.account, building, beside=plan.environment))
        _show(here.voice, report, whole)
        here.voice.say("\n")
        if not building.possible:
            show(here.voice, building)
            return report
        made = make(here, wish, building, self.depth, replace_there=False, dry_run=self.dry_run, yes=self.yes)
        if made is None:
            return report
        tell_usage(here, wish)
        page = here.voice.page()
        left_as_text(page, tuple(each for each in whole.by_hand if each not in plan.by_hand))
        here.voice.say(page.text())
        return made


def _write_lock(here: Surroundings, report: Report, path: Path) -> None:
    """The pinned requirements of the environment as it was, into its backup."""
    from m1doctor.locks.installed import write_pinned_requirements  # noqa: PLC0415

    write_pinned_requirements(here.world, report.facts, path, offline=True)
