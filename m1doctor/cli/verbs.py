"""The verbs and their options, as typer has them."""

from __future__ import annotations

from typing import Annotated

import typer

from m1doctor import __version__
from m1doctor.cli.checks import checks
from m1doctor.cli.compat import compat
from m1doctor.cli.diagnose import diagnose
from m1doctor.cli.explain import explain
from m1doctor.cli.log import log
from m1doctor.cli.schema import schema
from m1doctor.cli.terminal import write_out

EXIT_STATUSES = (
    "Exit status: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage or unreadable input; "
    "3 m1doctor could not finish; 130 interrupted."
)

app = typer.Typer(
    name="m1doctor",
    help="An environment doctor for TensorFlow on Apple silicon.",
    epilog=EXIT_STATUSES,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if value:
        write_out(f"m1doctor {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version  # its callback has done the work


for verb in (diagnose, log, compat, checks, explain, schema):
    app.command(epilog=EXIT_STATUSES)(verb)
