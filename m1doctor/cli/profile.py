"""`m1doctor profile SCRIPT`: watch a training script while it runs, and say what holds it back."""

from __future__ import annotations

import io
import math
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.options import NoColorOption, PageFormat, ReportFormat, VerboseOption
from m1doctor.cli.terminal import check_writable, look_around, working_folder, write_err
from m1doctor.errors import UserError
from m1doctor.settings import find_settings

if TYPE_CHECKING:
    from m1doctor.cli.terminal import Terminal
    from m1doctor.collect.profile.watch import Look, Watched
    from m1doctor.collect.world import World
    from m1doctor.model.facts import Facts
    from m1doctor.model.profile import Inside, Sample, SourceHint
    from m1doctor.model.report import Report, Target

CONTEXT = {"allow_interspersed_args": False}
"""What stands after the script is the script's."""
_FORMS = {
    ".json": ReportFormat.JSON,
    ".html": ReportFormat.HTML,
    ".md": ReportFormat.MARKDOWN,
    ".txt": ReportFormat.TEXT,
}
_SCRIPT_LOG = "the script's standard error"


def profile(
    script: Annotated[
        list[str] | None, typer.Argument(metavar="SCRIPT [ARGS...]", help="The script, and what it is handed.")
    ] = None,
    *,
    module: Annotated[
        str | None, typer.Option("-m", metavar="MODULE", help="Run a module, as `python -m` does.")
    ] = None,
    pid: Annotated[int | None, typer.Option("--pid", metavar="PID", help="Watch a process that runs already.")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="BEFORE AFTER", help="What changed between two saved profiles."),
    ] = None,
    python: Annotated[
        str | None, typer.Option("--python", metavar="PATH", help="Run it with this interpreter.")
    ] = None,
    inside: Annotated[
        bool,
        typer.Option("--inside", help="Observe from within, too: steps, waiting for input, eager steps, retracing."),
    ] = False,
    duration: Annotated[
        float | None,
        typer.Option("--duration", metavar="SECONDS", help="Interrupt it after this time; of --pid, stop watching."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Save as .json, .html, .md or .txt; may be repeated."),
    ] = None,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> int:
    """Watch a training script while it runs, and name what holds it back.

    The script runs unchanged, with its own output, input and Ctrl-C. From outside m1doctor sees processor time, memory,
    swap, heat, on a Mac the GPU's time for the script, and TensorFlow's log; with --inside also what each step does.
    The report goes to standard error when the script has ended.

    Exit status: the script's own; 128 and the signal's number where one ended it.
    """
    _exactly_one(script, module, pid, compare)
    if duration is not None and not 0 < duration < math.inf:
        message = f"--duration: a number of seconds above 0 is expected, not {duration:g}"
        raise UserError(message)
    if compare is not None:
        from m1doctor.cli.diff import diff  # noqa: PLC0415 - the two are reports, and compared as such

        return diff(*compare, format=PageFormat.TEXT, verbose=verbose, no_color=no_color)
    files = {Path(file): _form(file) for file in output or ()}
    for file in files:
        check_writable(file, "--output")
    terminal = look_around(no_color=no_color)
    return _watch_and_tell(
        script or [],
        module,
        pid,
        python=python,
        terminal=terminal,
        files=files,
        inside=inside,
        duration=duration,
        verbose=verbose,
    )


def _exactly_one(
    script: list[str] | None, module: str | None, pid: int | None, compare: tuple[str, str] | None
) -> None:
    if pid is not None and (script or module is not None):
        raise UserError("--pid watches a process that runs already; it takes no script")
    if compare is not None and (script or module is not None or pid is not None):
        raise UserError("--compare reads two saved profiles; it takes no script")
    if not script and module is None and pid is None and compare is None:
        raise UserError("a script is expected, or -m MODULE, or --pid PID")
    if script and module is None and not Path(script[0]).exists():
        message = f"{script[0]}: no such script"
        raise UserError(message)


def _form(file: str) -> ReportFormat:
    form = _FORMS.get(Path(file).suffix)
    if form is None:
        message = f"--output {file}: an ending of {', '.join(_FORMS)} is expected"
        raise UserError(message)
    return form


def _watch_and_tell(
    script: list[str],
    module: str | None,
    pid: int | None,
    *,
    python: str | None,
    terminal: Terminal,
    files: dict[Path, ReportFormat],
    inside: bool,
    duration: float | None,
    verbose: bool,
) -> int:
    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check
    from m1doctor.checks.selection import choose  # noqa: PLC0415
    from m1doctor.cli.telling import rendered  # noqa: PLC0415
    from m1doctor.cli.terminal import write_file  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
    from m1doctor.diagnosis import make_report  # noqa: PLC0415

    find_settings(working_folder())  # refuses a broken file before the script runs, not after
    registry, broken = load()
    world = LiveWorld()
    target = choose_target(world, python=python)
    facts = _facts_of_files(world, target)
    with ExitStack() as stack:
        look = _nobody_looks
        if terminal.live:
            from m1doctor.cli.live_line import LiveLine  # noqa: PLC0415 - only where somebody watches

            line = stack.enter_context(LiveLine())

            def look(sample: Sample, seen: Inside | None) -> None:
                line.show(_in_one_line(sample, seen))

        watched = _watch(world, target, script, module, pid, inside=inside, duration=duration, look=look)
    report = make_report(
        _joined(facts, watched, _hints(world, script, target)), target, registry, choose(registry), broken=broken
    )
    for file, form in files.items():
        write_file(file, rendered(report, registry, form, terminal, to_screen=False, verbose=verbose))
    write_err(_on_errors(report, registry, terminal, verbose=verbose))
    return watched.exit_status


def _facts_of_files(world: World, target: Target) -> Facts:
    """What can be known of the machine and the environment without running anything in it."""
    from m1doctor.collect.examine import Depth, examine  # noqa: PLC0415

    return examine(world, target, Depth(quick=True))


def _watch(
    world: World,
    target: Target,
    script: list[str],
    module: str | None,
    pid: int | None,
    *,
    inside: bool,
    duration: float | None,
    look: Look,
) -> Watched:
    from m1doctor.collect.profile.watch import watch_process, watch_script  # noqa: PLC0415

    if pid is not None:
        return watch_process(world, pid, look=look, duration=duration)
    command = ["-m", module, *script] if module is not None else script
    return watch_script(world, target.path, command, inside=inside, look=look, duration=duration)


def _hints(world: World, script: list[str], target: Target) -> tuple[SourceHint, ...]:
    """What the linter says of the script's own file."""
    if not script or Path(script[0]).suffix != ".py":
        return ()
    from m1doctor.lint.engine import lint_paths  # noqa: PLC0415
    from m1doctor.lint.environment import find_versions  # noqa: PLC0415
    from m1doctor.model.profile import SourceHint  # noqa: PLC0415

    versions = find_versions(world, python=target.path)
    return tuple(
        SourceHint(
            rule=each.rule,
            slug=each.slug,
            level=each.level,
            message=each.message,
            gain=each.gain,
            path=each.path,
            line=each.line,
            source_line=each.source_line,
        )
        for each in lint_paths([script[0]], versions, processes=1).findings
    )


def _joined(facts: Facts, watched: Watched, hints: tuple[SourceHint, ...]) -> Facts:
    from m1doctor.model.unknown import not_asked  # noqa: PLC0415
    from m1doctor.support.log.reader import read_log  # noqa: PLC0415

    only_the_script = not_asked("nothing but the script was run")
    unknown = {
        name: only_the_script if getattr(facts, name) is None and name in facts.unknown else why
        for name, why in facts.unknown.items()
    }
    log = read_log(io.BytesIO(watched.errors), _SCRIPT_LOG) if watched.errors.strip() else None
    return replace(facts, profile=replace(watched.profile, hints=hints), log=log, unknown=unknown)


def _nobody_looks(sample: Sample, seen: Inside | None) -> None:
    del sample, seen


def _in_one_line(sample: Sample, seen: Inside | None) -> str:
    from m1doctor.render.profile import live_words  # noqa: PLC0415

    return f"m1doctor: {live_words(sample, seen)}"


def _on_errors(report: Report, registry: object, terminal: Terminal, *, verbose: bool) -> str:
    from m1doctor.checks.registry import Registry  # noqa: PLC0415
    from m1doctor.cli.telling import rendered  # noqa: PLC0415

    assert isinstance(registry, Registry)  # noqa: S101 - it was loaded a page above
    return rendered(report, registry, ReportFormat.TEXT, terminal, to_screen=True, verbose=verbose).rstrip("\n")
