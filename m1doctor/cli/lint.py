"""`m1doctor lint PATH…`: what starves the GPU in training scripts."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import lint_status
from m1doctor.cli.options import FailOnOption, NoColorOption, OutputOption, PythonOption, SitePackagesOption
from m1doctor.cli.terminal import (
    Terminal,
    check_writable,
    look_around,
    working_folder,
    write_err,
    write_file,
    write_out,
)
from m1doctor.cli.wishes import wishes, words
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.settings import FailOn, Settings, find_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from m1doctor.lint.engine import Wanted
    from m1doctor.lint.finding import Answer
    from m1doctor.lint.target import Versions


class LintFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


def lint(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Python files, notebooks, folders.")],
    *,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    tensorflow: Annotated[
        str | None, typer.Option("--tensorflow", metavar="VERSION", help="Judge for this TensorFlow.")
    ] = None,
    keras: Annotated[str | None, typer.Option("--keras", metavar="VERSION", help="... this Keras.")] = None,
    plugin: Annotated[
        str | None, typer.Option("--plugin", metavar="VERSION", help="... this tensorflow-metal.")
    ] = None,
    chip: Annotated[str | None, typer.Option("--chip", metavar="NAME", help="... this chip, such as M2.")] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULES", help="Only these: ids, prefixes, slugs; comma separated."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULES", help="All but these; an id beats a prefix.")
    ] = None,
    hints: Annotated[bool, typer.Option("--hints", help="Hints, too: what may be right as it is.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend in place what can be without changing any result.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    fail_on: FailOnOption = None,
    format: Annotated[  # noqa: A002 - the option's name
        LintFormat,
        typer.Option("--format", help="Text for people, one JSON or SARIF document, GitHub's commands, or Markdown."),
    ] = LintFormat.TEXT,
    output: OutputOption = None,
    no_color: NoColorOption = False,
) -> int:
    """Find what starves the GPU in training scripts: hidden GPUs, eager loops, slow input, layers without a kernel.

    Reads Python files, notebooks and whole folders; nothing of them is run. Rules are judged for the versions of
    --python, --site-packages or of the environment here, as `diagnose` chooses it; what is not known is said with an
    "if". A comment `# m1doctor: noqa[LOAD001]` silences a rule on its line.
    """
    if output is not None:
        check_writable(Path(output), "--output")
    terminal = look_around(no_color=no_color)
    settings = find_settings(working_folder())
    wanted = _wanted(settings, words(select), words(ignore), hints=hints or bool(settings.hints))
    by_hand = {
        name: _version(f"--{name}", text)
        for name, text in (("tensorflow", tensorflow), ("keras", keras), ("plugin", plugin))
    }
    versions = _versions(python, site_packages, by_hand, chip)
    answer = _answer(paths, versions, wanted, terminal)
    if diff:
        _show_repairs(answer)
        return lint_status(answer, fail_on or settings.fail_on or FailOn.ERROR, paths)
    if fix and _repair(answer):
        answer = _answer(paths, versions, wanted, terminal)
    text = _rendered(answer, format, terminal, to_screen=output is None)
    if output is None:
        write_out(text)
    else:
        write_file(Path(output), text)
    return lint_status(answer, fail_on or settings.fail_on or FailOn.ERROR, paths)


def _wanted(settings: Settings, select: list[str], ignore: list[str], *, hints: bool) -> Wanted:
    from m1doctor.lint.registry import load_rules  # noqa: PLC0415 - imports every rule
    from m1doctor.lint.selection import choose_rules  # noqa: PLC0415

    wanted, unwanted = wishes(settings, select, ignore)
    return choose_rules(load_rules(), select=wanted, ignore=unwanted, hints=hints)


def _version(option: str, text: str | None) -> str | None:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only where a version is given

    if text is None:
        return None
    try:
        return str(Version(text))
    except InvalidVersion as error:
        message = f"{option}: {text!r} is not a version such as 2.18.1"
        raise UserError(message) from error


def _versions(
    python: str | None, site_packages: str | None, by_hand: dict[str, str | None], chip: str | None
) -> Versions:
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
    from m1doctor.lint.environment import find_versions  # noqa: PLC0415

    return find_versions(LiveWorld(), python=python, site_packages=site_packages, chip=chip, **by_hand)


def _answer(paths: list[str], versions: Versions, wanted: Wanted, terminal: Terminal) -> Answer:
    from m1doctor.lint.engine import lint_paths  # noqa: PLC0415

    with ExitStack() as stack:
        tell: Callable[[int, int], None] | None = None
        if terminal.live:
            from m1doctor.cli.progress import LiveProgress  # noqa: PLC0415 - only where somebody watches

            progress = stack.enter_context(LiveProgress())
            progress.started("lint")

            def tell(done: int, total: int) -> None:
                progress.told("lint", f"{done} of {total} files")

        return lint_paths(paths, versions, wanted=wanted, tell=tell)


def _show_repairs(answer: Answer) -> None:
    """Print what `--fix` would change, as a patch."""
    from difflib import unified_diff  # noqa: PLC0415

    from m1doctor.lint.fix import mend  # noqa: PLC0415

    changed, left = mend(answer.findings)
    for each in changed:
        before, after = (text.splitlines(keepends=True) for text in (each.before, each.after))
        path = str(each.path).lstrip("/")  # as git writes it: `patch -p1` in the root finds an absolute one
        write_out("".join(_patch_lines(unified_diff(before, after, f"a/{path}", f"b/{path}"))))
    for passed in left:
        write_err(f"m1doctor: {passed.path}: {passed.reason}")
    if not changed:
        write_err("m1doctor: nothing that --fix would change")


def _patch_lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _repair(answer: Answer) -> bool:
    """Write what can be mended; whether anything was."""
    from m1doctor.lint.fix import mend  # noqa: PLC0415
    from m1doctor.render.words import counted  # noqa: PLC0415

    changed, left = mend(answer.findings)
    for each in changed:
        try:
            each.write()
        except OSError as error:
            message = f"cannot write {each.path}: {error.strerror or error}"
            raise UnfinishedError(message) from error
    for passed in left:
        write_err(f"m1doctor: {passed.path}: {passed.reason}")
    repairs = sum(each.repairs for each in changed)
    found = counted(len(answer.findings), "finding", "findings")
    write_err(
        f"m1doctor: mended {repairs} of {found or 'none'} in {counted(len(changed), 'file', 'files') or 'no file'}"
    )
    return bool(changed)


def _rendered(answer: Answer, form: LintFormat, terminal: Terminal, *, to_screen: bool) -> str:
    match form:
        case LintFormat.JSON:
            from m1doctor.render.lint.document import as_json  # noqa: PLC0415

            return as_json(answer)
        case LintFormat.SARIF:
            from m1doctor.lint.registry import load_rules  # noqa: PLC0415
            from m1doctor.render.lint.sarif import as_sarif  # noqa: PLC0415

            return as_sarif(answer, load_rules())
        case LintFormat.GITHUB:
            from m1doctor.render.lint.github import as_github  # noqa: PLC0415

            return as_github(answer)
        case LintFormat.MARKDOWN:
            from m1doctor.render.lint.markdown import as_markdown  # noqa: PLC0415

            return as_markdown(answer)
        case LintFormat.TEXT:
            from m1doctor.render.lint.text import as_text  # noqa: PLC0415 - brings rich

            return as_text(
                answer,
                width=terminal.width if to_screen else 80,
                colour=terminal.colour and to_screen,
                unicode=terminal.unicode or not to_screen,
                cut=terminal.interactive and to_screen,
            )
