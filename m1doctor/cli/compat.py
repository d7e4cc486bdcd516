"""`m1doctor compat`: which TensorFlow goes with which GPU plugin, and how that is known."""

from __future__ import annotations

from typing import Annotated

import typer

from m1doctor.cli.options import NoColorOption, PageFormat, PageFormatOption, ProviderOption, read_version
from m1doctor.cli.terminal import look_around, write_out
from m1doctor.model.provider import Provider


def compat(
    *,
    python: Annotated[
        str | None, typer.Option("--python", metavar="VERSION", help="What to use with this Python, such as 3.12.")
    ] = None,
    macos: Annotated[str | None, typer.Option("--macos", metavar="VERSION", help="... on this macOS.")] = None,
    tensorflow: Annotated[
        str | None, typer.Option("--tensorflow", metavar="VERSION", help="Which plugins load with this TensorFlow.")
    ] = None,
    plugin: Annotated[
        str | None, typer.Option("--plugin", metavar="VERSION", help="What this release of the plugin loads with.")
    ] = None,
    provider: ProviderOption = None,
    format: PageFormatOption = PageFormat.TEXT,  # noqa: A002 - the option's name
    no_color: NoColorOption = False,
) -> None:
    """Say which TensorFlow goes with which GPU plugin, and how that is known.

    Without options: the pair for each Python, and every published pair. Nothing is looked up or examined.
    """
    from m1doctor.knowledge.compat import (  # noqa: PLC0415 - reads the table
        Asked,
        answer,
        read_macos,
        read_python,
        read_release,
    )
    from m1doctor.render import compat as render  # noqa: PLC0415 - brings rich

    found = answer(
        Asked(
            python=read_version("--python", python, read_python, "a Python such as 3.12"),
            macos=read_version("--macos", macos, read_macos, "a macOS such as 15.1"),
            tensorflow=read_version("--tensorflow", tensorflow, read_release, "a release such as 2.19.1"),
            plugin=read_version("--plugin", plugin, read_release, "a release such as 1.2.0"),
            provider=provider or Provider.AUTO,
        )
    )
    if format is PageFormat.JSON:
        write_out(render.compat_as_json(found))
    elif format is PageFormat.MARKDOWN:
        write_out(render.compat_as_markdown(found))
    else:
        terminal = look_around(no_color=no_color)
        text = render.compat_as_text(
            found,
            width=terminal.width,
            colour=terminal.colour,
            unicode=terminal.unicode,
            wrap_quotes=terminal.interactive,
        )
        write_out(text)
