"""The verbs and their options, as typer has them."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from m1doctor import __version__
from m1doctor.cli.terminal import write_out

EXIT_STATUSES = (
    "Exit status: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage or unreadable input; "
    "3 m1doctor could not finish; 130 interrupted."
)

VERBS = (
    "diagnose",
    "bench",
    "profile",
    "setup",
    "fix",
    "undo",
    "report",
    "diff",
    "history",
    "lint",
    "log",
    "compat",
    "ops",
    "lock",
    "verify",
    "checks",
    "explain",
    "schema",
)
"""In the order of the help. Each is a function in the module of its name."""


class _Verbs(TyperGroup):
    """The verbs, each imported and given its options only when it is asked for: the others cost 6 ms."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All verbs, for the help."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One verb; `None` for a word that is none, and then all are there for typer to offer the nearest."""
        for name in (cmd_name,) if cmd_name in VERBS else VERBS:
            if name not in self.commands:
                self.commands[name] = _verb(name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """What each verb does, in a whole sentence: typer would cut it to the width."""
        first = ((name, self.get_command(ctx, name).help.partition("\n\n")[0]) for name in VERBS)
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join(words.split())) for name, words in first])


def _verb(name: str) -> Any:
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    module = importlib.import_module(f"m1doctor.cli.{name}")
    alone.command(name, epilog=EXIT_STATUSES, context_settings=getattr(module, "CONTEXT", None))(getattr(module, name))
    return get_command(alone)


app = typer.Typer(
    name="m1doctor",
    cls=_Verbs,
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
