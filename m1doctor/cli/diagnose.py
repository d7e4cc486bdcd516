"""`m1doctor diagnose`: examine one environment and tell what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import exit_status
from m1doctor.cli.options import (
    DeepOption,
    FailOnOption,
    LimitOption,
    LogOption,
    NoBenchOption,
    NoColorOption,
    OfflineOption,
    OutputOption,
    PythonOption,
    QuickOption,
    ReplayOption,
    ReportFormat,
    ReportFormatOption,
    SitePackagesOption,
    VerboseOption,
)
from m1doctor.cli.telling import tell
from m1doctor.cli.terminal import (
    check_writable,
    look_around,
    standard_input,
    working_folder,
    write_err,
)
from m1doctor.cli.wishes import depth_of, one_of, wishes, words
from m1doctor.settings import FailOn, Settings, find_settings

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.checks.selection import Selection
    from m1doctor.collect.examine import Depth
    from m1doctor.collect.progress import Progress
    from m1doctor.collect.world import World
    from m1doctor.model.facts import Facts
    from m1doctor.model.given_lock import GivenLock
    from m1doctor.model.log import Log
    from m1doctor.model.report import Report, Target


def diagnose(
    *,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    replay: ReplayOption = None,
    quick: QuickOption = False,
    no_bench: NoBenchOption = False,
    deep: DeepOption = False,
    limit: LimitOption = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CHECKS", help="Only these: ids, prefixes, slugs; comma separated."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CHECKS", help="All but these; an id beats a prefix.")
    ] = None,
    fail_on: FailOnOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,  # noqa: A002 - the option's name
    output: OutputOption = None,
    verbose: VerboseOption = False,
    lock: Annotated[
        str | None,
        typer.Option("--write-lock", metavar="PATH", help="Where the pinned requirements of the environment go."),
    ] = None,
    no_lock: Annotated[bool, typer.Option("--no-lock", help="Write no pinned requirements.")] = False,
    offline: OfflineOption = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Do not keep this diagnosis (--quick and --replay are never kept).")
    ] = False,
    log: LogOption = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="LOCK", help="Compare the environment with this lock, too, as verify does."),
    ] = None,
    no_color: NoColorOption = False,
) -> int:
    """Examine an environment and tell what is wrong with it.

    Every check, then a smoke run, then the pinned requirements of the environment.

    The target is --python, --site-packages or --replay, else $VIRTUAL_ENV, else $CONDA_PREFIX, else .venv here or
    above, else python3 on PATH.
    """
    one_of(("--python", python), ("--site-packages", site_packages), ("--replay", replay))
    one_of(("--write-lock", lock), ("--no-lock", no_lock or None))
    for option, file in (("--output", output), ("--write-lock", lock)):
        if file is not None:
            check_writable(Path(file), option)

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none

    settings = find_settings(working_folder())
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    selection = _selection(registry, settings, words(select), words(ignore))
    terminal = look_around(no_color=no_color)
    job = _Job(
        registry=registry,
        broken=broken,
        selection=selection,
        lock=None if no_lock else Path(lock) if lock is not None else settings.lock,
        default_lock=not no_lock and not quick,
        offline=offline or bool(settings.offline),
        live=terminal.live,
        history=not no_history and settings.history is not False,
        log=_read(log),
        given_lock=_read_lock(against),
    )
    if replay is not None:
        report = job.replay(replay)
    else:
        depth = depth_of(settings, quick=quick, no_bench=no_bench, deep=deep, limit=limit)
        report = job.examine(python, site_packages, depth)

    level = fail_on or settings.fail_on or FailOn.ERROR
    tell(report, registry, format, terminal, output=output, verbose=verbose, fail_on=level)
    return exit_status(report, level)


class _Job:
    """One diagnosis: what was asked for, apart from the target."""

    def __init__(
        self,
        *,
        registry: Registry,
        broken: tuple[str, ...],
        selection: Selection,
        lock: Path | None,
        default_lock: bool,
        offline: bool,
        live: bool,
        history: bool,
        log: Log | None = None,
        given_lock: GivenLock | None = None,
    ) -> None:
        self._registry = registry
        self._broken = broken
        self._selection = selection
        self._lock = lock
        self._default_lock = default_lock
        self._offline = offline
        self._live = live
        self._history = history
        self._log = log
        self._given_lock = given_lock

    def examine(self, python: str | None, site_packages: str | None, depth: Depth) -> Report:
        """Choose the target, collect, judge, pin."""
        from m1doctor.cli.watching import watched  # noqa: PLC0415 - a replay collects nothing
        from m1doctor.collect.examine import examine  # noqa: PLC0415
        from m1doctor.collect.target import choose_target  # noqa: PLC0415

        if self._live and site_packages is None and depth.bench and not depth.quick:
            write_err("TensorFlow, if it is there, runs for some 10 s with 0.7 GB of memory (--no-bench is shorter).")
        with watched(live=self._live) as (world, progress):
            target = choose_target(world, python=python, site_packages=site_packages)
            report = self._conclude(world, target, examine(world, target, depth, progress), progress)
        return self._kept(report) if self._history and not depth.quick else report

    def _conclude(self, world: World, target: Target, facts: Facts, progress: Progress) -> Report:
        from m1doctor.diagnosis import make_report  # noqa: PLC0415

        facts = self._with_brought(facts)
        if self._history and facts.bench is not None:
            from m1doctor.support.earlier import from_history  # noqa: PLC0415 - only where there is something to compare

            facts = replace(facts, earlier=from_history(target.path))
        report = make_report(facts, target, self._registry, self._selection, broken=self._broken)
        path = self._lock
        if path is None and self._default_lock:
            from m1doctor.paths import requirements_file  # noqa: PLC0415

            path = requirements_file(target.path)
        if path is None:
            return report
        progress.started("lock")
        try:
            return self._pin(world, report, path)
        finally:
            progress.finished("lock")

    def _pin(self, world: World, report: Report, path: Path) -> Report:
        """Write the pinned requirements and say so in the report; that they cannot be written is no finding."""
        from m1doctor.diagnosis import with_lock, with_remark  # noqa: PLC0415
        from m1doctor.locks.installed import NothingToLockError, write_pinned_requirements  # noqa: PLC0415
        from m1doctor.locks.writing import LockWriteError  # noqa: PLC0415

        causes = [f"{result.id} {result.slug}" for result in report.results if result.id in report.verdict.causes]
        try:
            outcome = write_pinned_requirements(world, report.facts, path, offline=self._offline, causes=causes)
        except NothingToLockError as error:
            return with_remark(report, f"no pinned requirements were written: {error}")
        except LockWriteError as error:
            return with_remark(
                report, f"the pinned requirements were not written: {error}", failure=self._lock is not None
            )
        return with_lock(report, outcome)

    def _kept(self, report: Report) -> Report:
        """Keep the report for later; that it cannot be kept is a remark."""
        from m1doctor.diagnosis import with_remark  # noqa: PLC0415
        from m1doctor.support.history import remember  # noqa: PLC0415

        lock = Path(report.lock.path) if report.lock is not None else None
        try:
            remember(report, lock.read_text(encoding="utf-8") if lock is not None and lock.is_file() else None)
        except OSError as error:
            return with_remark(report, f"this diagnosis was not kept: {error.strerror or error} ({error.filename})")
        return report

    def _with_brought(self, facts: Facts) -> Facts:
        """The facts with the log and the lock that were brought, in the place of those that they may hold."""
        return replace(facts, log=self._log or facts.log, given_lock=self._given_lock or facts.given_lock)

    def replay(self, file: str) -> Report:
        """Judge the facts of a saved report again."""
        from m1doctor.diagnosis import judge_again, load_report  # noqa: PLC0415

        earlier = load_report(file)
        earlier = replace(earlier, facts=self._with_brought(earlier.facts))
        report = judge_again(earlier, self._registry, self._selection, broken=self._broken)
        if self._lock is None:
            return report
        from m1doctor.collect.world import LiveWorld  # noqa: PLC0415

        return self._pin(LiveWorld(), report, self._lock)


def _read_lock(against: str | None) -> GivenLock | None:
    if against is None:
        return None
    from m1doctor.locks.reading import read_lock  # noqa: PLC0415 - only where a lock was brought

    return read_lock(against)


def _read(log: str | None) -> Log | None:
    if log is None:
        return None
    from m1doctor.support.log.report import open_log  # noqa: PLC0415 - only where a log was brought

    return open_log(log, standard_input(log))


def _selection(registry: Registry, settings: Settings, select: list[str], ignore: list[str]) -> Selection:
    from m1doctor.checks.selection import choose, without_rules  # noqa: PLC0415

    wanted, unwanted = wishes(settings, select, ignore)
    return choose(registry, select=without_rules(wanted), ignore=without_rules(unwanted))
