"""`m1doctor report`: one archive for a bug report, with nothing in it that tells who you are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
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
    PythonOption,
    QuickOption,
    ReplayOption,
    SitePackagesOption,
)
from m1doctor.cli.terminal import check_writable, look_around, standard_input, working_folder, write_err, write_out
from m1doctor.cli.wishes import depth_of, one_of
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.settings import FailOn, find_settings

if TYPE_CHECKING:
    from m1doctor.checks.registry import Registry
    from m1doctor.checks.selection import Selection
    from m1doctor.collect.examine import Depth
    from m1doctor.collect.world import World
    from m1doctor.model.facts import Facts
    from m1doctor.model.log import Log
    from m1doctor.model.report import Report
    from m1doctor.support.bundle.contents import Contents
    from m1doctor.support.bundle.raw import Raw
    from m1doctor.support.redact.redactor import Redactor

UNREDACTED = "NOT-REDACTED"
"""Stands in the name of a file that tells everything."""


def report(
    *,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    replay: ReplayOption = None,
    log: LogOption = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Print everything that would be in the archive; write none.")
    ] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the archive there (a folder, too).")
    ] = None,
    no_redact: Annotated[
        bool, typer.Option("--no-redact", help="Take nothing out. The name of the file says so.")
    ] = False,
    quick: QuickOption = False,
    no_bench: NoBenchOption = False,
    deep: DeepOption = False,
    limit: LimitOption = None,
    offline: OfflineOption = False,
    fail_on: FailOnOption = None,
    no_color: NoColorOption = False,
) -> int:
    """Examine an environment and put all that explains it into one archive, to go with a bug report.

    In it: the report as JSON, as HTML and as Markdown to paste, what was run and read, the pinned requirements, and
    what could not be had. Names, addresses, serial numbers and tokens are taken out; --preview shows what is left.

    `m1doctor diagnose --replay ARCHIVE` comes to the same results anywhere.
    """
    one_of(("--python", python), ("--site-packages", site_packages), ("--replay", replay))
    one_of(("--preview", preview or None), ("--output", output))
    path = _path(output, redacted=not no_redact, moment=datetime.now(UTC))
    if not preview:
        check_writable(path, "--output")

    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check; wrong usage needs none
    from m1doctor.checks.selection import choose  # noqa: PLC0415

    settings = find_settings(working_folder())
    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    terminal = look_around(no_color=no_color)
    job = _Job(registry=registry, broken=broken, selection=choose(registry), log=log, redact=not no_redact)
    if replay is not None:
        contents = job.replay(replay)
    else:
        depth = depth_of(settings, quick=quick, no_bench=no_bench, deep=deep, limit=limit)
        contents = job.examine(
            python, site_packages, depth, offline=offline or bool(settings.offline), live=terminal.live
        )
    if preview:
        from m1doctor.render.bundle import preview_words  # noqa: PLC0415

        write_out(preview_words(contents.members))
    else:
        job.write(path, contents)
        from m1doctor.render.bundle import written_words  # noqa: PLC0415

        write_out(written_words(contents.report, path, contents.members, _removed(contents), redacted=not no_redact))
    return exit_status(contents.report, fail_on or settings.fail_on or FailOn.ERROR)


def _path(output: str | None, *, redacted: bool, moment: datetime) -> Path:
    """Where the archive goes. One that tells everything says so in its name, whatever name was asked for."""
    told = "" if redacted else f"-{UNREDACTED}"
    default = f"m1doctor-report{told}-{moment:%Y-%m-%dT%H%M%SZ}.zip"
    if output is None:
        return Path(default)
    path = Path(output)
    if path.is_dir():
        return path / default
    return path if redacted or UNREDACTED in path.name else path.with_name(f"{path.stem}{told}{path.suffix}")


def _removed(contents: Contents) -> list[str]:
    return [f"{each.kind.value} ({each.secrets}, {each.places} times)" for each in contents.removed]


class _Job:
    """One bundle: what was asked for, apart from the target."""

    def __init__(
        self, *, registry: Registry, broken: tuple[str, ...], selection: Selection, log: str | None, redact: bool
    ) -> None:
        self._registry = registry
        self._broken = broken
        self._selection = selection
        self._log = log
        self._redact = redact
        self._redactor: Redactor | None = None

    def examine(
        self, python: str | None, site_packages: str | None, depth: Depth, *, offline: bool, live: bool
    ) -> Contents:
        """Choose the target, collect, judge, pin, and put everything together."""
        from m1doctor.cli.watching import watched  # noqa: PLC0415 - a replay collects nothing
        from m1doctor.collect.configuration import read_settings, telling_environment  # noqa: PLC0415
        from m1doctor.collect.examine import examine  # noqa: PLC0415
        from m1doctor.collect.recording import RecordingWorld  # noqa: PLC0415
        from m1doctor.collect.target import choose_target  # noqa: PLC0415
        from m1doctor.diagnosis import make_report  # noqa: PLC0415
        from m1doctor.support.bundle.raw import Raw  # noqa: PLC0415

        with watched(live=live) as (machine, progress):
            told = self._read_log()
            world = RecordingWorld(machine)
            target = choose_target(world, python=python, site_packages=site_packages)
            facts = examine(world, target, depth, progress)
            settings = read_settings(machine)
            made = make_report(self._joined(facts, told), target, self._registry, self._selection, broken=self._broken)
            progress.started("lock")
            lock, missing = _pinned(machine, made, offline=offline)
            progress.finished("lock")
            raw = Raw(
                readings=tuple(world.readings),
                files=world.files | settings,
                integers=world.integers,
                environment=telling_environment(machine),
                log=told[1] if told else None,
            )
            progress.started("bundle")
            try:
                return self._assembled(machine, made, raw, lock, missing)
            finally:
                progress.finished("bundle")

    def replay(self, file: str) -> Contents:
        """Bundle a saved report; raw readings and settings of this machine have no place in it."""
        from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
        from m1doctor.diagnosis import judge_again, load_report  # noqa: PLC0415
        from m1doctor.support.bundle.raw import Raw  # noqa: PLC0415

        earlier = load_report(file)
        told = self._read_log()
        earlier = replace(earlier, facts=self._joined(earlier.facts, told))
        made = judge_again(
            earlier, self._registry, self._selection, broken=self._broken, clock=lambda: _moment(earlier.created)
        )
        world = LiveWorld()
        lock, missing = _pinned(world, made, offline=True)
        raw = Raw(log=told[1] if told else None)
        missing = ("raw readings: a saved report was judged again, and it holds none", *missing)
        return self._assembled(world, made, raw, lock, missing)

    def write(self, path: Path, contents: Contents) -> None:
        """Write the archive, open it again, and let it be only if nothing is found in it that has to stay here."""
        from m1doctor.support.bundle.archive import pack, unpack  # noqa: PLC0415
        from m1doctor.support.bundle.contents import search  # noqa: PLC0415
        from m1doctor.support.bundle.writer import write_approved  # noqa: PLC0415

        def approve(content: bytes) -> None:
            _, members = unpack(content)
            if self._redactor is not None:
                search(members, self._redactor)

        try:
            write_approved(path, pack(contents.members), approve)
        except OSError as error:
            message = f"cannot write {path}: {error.strerror or error}"
            raise UnfinishedError(message) from error

    def _read_log(self) -> tuple[Log, str] | None:
        """What the log says, and its text."""
        if self._log is None:
            return None
        from m1doctor.support.bundle.logs import kept_text  # noqa: PLC0415 - only where a log was brought
        from m1doctor.support.log.report import open_log  # noqa: PLC0415

        if self._log == "-":
            raise UserError("--log: a file is expected, not standard input: a bundle holds its text as well")
        return open_log(self._log, standard_input(self._log)), kept_text(Path(self._log))

    def _joined(self, facts: Facts, told: tuple[Log, str] | None) -> Facts:
        return facts if told is None else replace(facts, log=told[0])

    def _assembled(self, world: World, made: Report, raw: Raw, lock: str | None, missing: tuple[str, ...]) -> Contents:
        from m1doctor.diagnosis import judge_again  # noqa: PLC0415
        from m1doctor.support.bundle.contents import assemble  # noqa: PLC0415

        if self._redact:
            self._redactor = _redactor(world, made)

        def judge(clean: Report) -> Report:
            again = judge_again(
                clean, self._registry, self._selection, broken=self._broken, clock=lambda: _moment(clean.created)
            )
            return replace(again, replay_of=clean.replay_of)

        return assemble(made, self._registry, raw, lock=lock, missing=missing, redactor=self._redactor, judge=judge)


def _redactor(world: World, made: Report) -> Redactor:
    """A redactor that knows this machine's names, and that the versions of the packages are no addresses."""
    from m1doctor.support.redact.identity import find_identity  # noqa: PLC0415
    from m1doctor.support.redact.redactor import Redactor  # noqa: PLC0415

    identity = find_identity(world)
    packages = made.facts.packages
    redactor = Redactor(
        identity.known, innocent=(each.version for each in packages.distributions) if packages is not None else ()
    )
    redactor.learn(identity.told)
    return redactor


def _pinned(world: World, made: Report, *, offline: bool) -> tuple[str | None, tuple[str, ...]]:
    """The pinned requirements of the examined environment, or why there are none."""
    from m1doctor.locks.forms import requirements  # noqa: PLC0415
    from m1doctor.locks.installed import NothingToLockError, lock_installed  # noqa: PLC0415

    causes = [f"{result.id} {result.slug}" for result in made.results if result.id in made.verdict.causes]
    try:
        lock, _ = lock_installed(world, made.facts, offline=offline, causes=causes)
    except NothingToLockError as error:
        return None, (f"requirements.txt: {error}",)
    unhashed = (f"hashes in requirements.txt: {lock.unhashed}",) if lock.unhashed is not None else ()
    return requirements.render(lock), unhashed


def _moment(created: str) -> datetime:
    """When a report was made. Raises `UserError` for a moment that is none."""
    try:
        return datetime.fromisoformat(created).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"the report was made at no moment: {created[:40]!r}"
        raise UserError(message) from error
