"""`m1doctor lock`: pin an environment for this Mac or another."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit
from m1doctor.cli.options import NoColorOption, ProviderOption, read_version
from m1doctor.cli.terminal import check_writable, look_around, write_err, write_out
from m1doctor.cli.watching import watched
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.knowledge.compat import read_macos, read_python
from m1doctor.locks.form import Form, with_companions
from m1doctor.model.provider import Provider

if TYPE_CHECKING:
    from m1doctor.collect.progress import Progress
    from m1doctor.collect.world import World
    from m1doctor.locks.lock import Lock
    from m1doctor.model.facts import Facts


def lock(
    *,
    requirements: Annotated[
        list[str] | None,
        typer.Option("--requirements", "-r", metavar="FILE", help="What to lock: requirements.txt or pyproject.toml."),
    ] = None,
    extra: Annotated[
        list[str] | None, typer.Option("--extra", metavar="NAME", help="With this extra of the pyproject.toml.")
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="NAME", help="With this dependency group of the pyproject.toml."),
    ] = None,
    from_env: Annotated[
        bool, typer.Option("--from-env", help="Pin what an environment has installed; nothing is resolved.")
    ] = False,
    python: Annotated[
        str | None, typer.Option("--python", metavar="PATH", help="With --from-env: the environment's interpreter.")
    ] = None,
    site_packages: Annotated[
        str | None, typer.Option("--site-packages", metavar="DIR", help="With --from-env: a folder of packages.")
    ] = None,
    provider: ProviderOption = None,
    python_version: Annotated[
        str | None,
        typer.Option(
            "--python-version",
            metavar="VERSION",
            help="The Python of the Mac, such as 3.12.",
            show_default="the newest with a pair",
        ),
    ] = None,
    macos: Annotated[
        str | None,
        typer.Option(
            "--macos", metavar="VERSION", help="The oldest macOS to install on.", show_default="what the plugin needs"
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        list[Form] | None,
        typer.Option("--format", help="The form; given more than once, all of them.", show_default="requirements"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE|DIR", help="Where it goes.", show_default="standard output"),
    ] = None,
    exclude_newer: Annotated[
        str | None,
        typer.Option("--exclude-newer", metavar="DATE", help="Consider nothing that was published after that day."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="NAME", help="Where conda's forms find Python.", show_default="conda-forge"),
    ] = None,
    download: Annotated[
        str | None,
        typer.Option("--download", metavar="DIR", help="Fetch every file, to install without a network."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="No network: what uv keeps has to do.")] = False,
    no_color: NoColorOption = False,
) -> int:
    """Pin an environment for this Mac or another: exact releases, each with the hash of its one file.

    Without -r and --from-env: TensorFlow with the GPU, the best pair for that Python; with -r, --provider adds it to
    what the files ask for. uv resolves, for macOS on Apple silicon from any machine; what cannot work (a pair that does
    not load, an empty release) is refused with the reason.
    """
    forms = tuple(dict.fromkeys(format or [Form.REQUIREMENTS]))
    if offline:
        _exclude("--offline", ("--download", download))
    if output is None and download is not None:
        output = f"{download.rstrip('/')}/"
    if from_env:
        _exclude("--from-env", ("-r", requirements), ("--python-version", python_version), ("--macos", macos))
        _exclude("--from-env", ("--exclude-newer", exclude_newer), ("--channel", channel), ("--provider", provider))
    else:
        _only_with("--from-env, which pins what is installed", ("--python", python), ("--site-packages", site_packages))
    if not any(form.needs_conda for form in forms):
        _only_with("conda's forms, which ask a channel: --format explicit or conda-lock", ("--channel", channel))
    places = _places(forms, output)
    terminal = look_around(no_color=no_color)

    from m1doctor.locks.making import (  # noqa: PLC0415 - wrong usage needs nothing
        DEFAULT_CHANNELS,
        asked_provider,
        describe,
        gpu,
        of_environment,
        resolved,
    )
    from m1doctor.locks.resolve import How, RefusedError  # noqa: PLC0415
    from m1doctor.locks.wanted import read_wanted  # noqa: PLC0415

    how = How(python=sys.executable, exclude_newer=exclude_newer, offline=offline)
    with watched(live=terminal.live) as (world, progress):
        progress.started("lock")
        try:
            if from_env:
                made = of_environment(world, _examined(world, python, site_packages), how, forms)
            else:
                version = read_version("--python-version", python_version, read_python, "a Python such as 3.12")
                floor = read_version("--macos", macos, read_macos, "a macOS such as 14.0")
                files = [Path(file) for file in requirements or []]
                beside = next(iter(places.values())).parent if output is not None else None
                wanted = read_wanted(files, extras=extra or [], groups=group or [], beside=beside)
                target = describe(version, floor, provider or asked_provider(wanted))
                if provider is not None or not wanted:
                    wanted = wanted.with_own(*gpu(target, floor, provider or Provider.AUTO))
                made = resolved(world, wanted, target, how, forms=forms, channels=channel or DEFAULT_CHANNELS)
        except RefusedError as error:
            write_err(f"m1doctor: no lock is written: {error}")
            return Exit.FINDINGS
        texts = _texts(made, places)
        fetched = None if download is None else _fetched(made, Path(download), progress)
    _deliver(made, texts, to_screen=output is None, fetched=fetched)
    return Exit.CLEAN


def _fetched(made: Lock, folder: Path, progress: Progress) -> str:
    """Fetch every file of the lock, and say so in a line."""
    from m1doctor.locks.download import download  # noqa: PLC0415

    progress.finished("lock")
    progress.started("download")
    got = download(made, folder, lambda name: progress.told("download", name))
    return f"{folder}: {got.fetched + got.kept} files, {got.size / 2**20:.0f} MiB, {got.fetched} of them fetched now"


def _exclude(option: str, *others: tuple[str, object]) -> None:
    for other, value in others:
        if value:
            message = f"{option} and {other} exclude each other"
            raise UserError(message)


def _only_with(what: str, *options: tuple[str, object]) -> None:
    for option, value in options:
        if value:
            message = f"{option}: only with {what}"
            raise UserError(message)


def _places(forms: Sequence[Form], output: str | None) -> dict[Form, Path]:
    """Where each form goes, with what it installs from beside it. Raises `UserError` that names the option."""
    if output is None:
        if len(forms) > 1:
            raise UserError("--output: several forms need a folder to go to")
        return {form: Path(form.usual_name) for form in forms}
    path = Path(output)
    forms = with_companions(forms)
    folder = path if path.is_dir() or output.endswith("/") else path.parent
    if len(forms) > 1 and folder != path:
        message = f"--output: {' and '.join(form.usual_name for form in forms)} need a folder, and {path} is none"
        raise UserError(message)
    places = {form: path / form.usual_name if folder == path else path for form in forms}
    if not folder.exists() and output.endswith("/"):
        folder = folder.parent
    for place in places.values():
        check_writable(folder / place.name, "--output")
    return places


def _examined(world: World, python: str | None, site_packages: str | None) -> Facts:
    """What is installed there; nothing of it is run."""
    from m1doctor.collect.examine import Depth, examine  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415

    target = choose_target(world, python=python, site_packages=site_packages)
    return examine(world, target, Depth(quick=True, bench=False))


def _texts(made: Lock, places: dict[Form, Path]) -> dict[Path, str]:
    """Every form, by its place. Raises `UserError` where one of them cannot hold it."""
    from m1doctor.locks.lock import NotInThisFormError  # noqa: PLC0415
    from m1doctor.locks.texts import text_of  # noqa: PLC0415

    try:
        return {place: text_of(made, form) for form, place in places.items()}
    except NotInThisFormError as error:
        message = f"--format: {error}"
        raise UserError(message) from error


def _deliver(made: Lock, texts: dict[Path, str], *, to_screen: bool, fetched: str | None) -> None:
    """Write every form, and say in words what was locked and why."""
    from m1doctor.locks.writing import LockWriteError, write  # noqa: PLC0415

    if to_screen:
        write_out("".join(texts.values()))
        return
    count = f"{len(made.packages)} package{'' if len(made.packages) == 1 else 's'}"
    lines = [f"Locked {count} for {made.target}", *(f"  {remark}" for remark in made.remarks)]
    lines += [f"  against it: {warning}" for warning in made.warnings]
    lines += [f"  not pinned: {left.name} {left.version} ({left.reason})" for left in made.left_out]
    try:
        for place, text in texts.items():
            written = write(place, text)
            kept = f" (the file that was there is kept as {written.backup.name})" if written.backup else ""
            lines.append(f"{place}{' (unchanged)' if written.unchanged else kept}")
        lines += [fetched] if fetched else []
    except LockWriteError as error:
        message = f"cannot write {error}"
        raise UnfinishedError(message) from error
    write_out("".join(f"{line}\n" for text in lines for line in _wrapped(text)))


def _wrapped(text: str) -> list[str]:
    """A line of the summary at 80 columns; what cannot be broken stays whole."""
    indent = " " * (len(text) - len(text.lstrip()))
    return wrap(text, 80, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False) or [""]
