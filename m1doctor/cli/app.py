"""The `m1doctor` command: finds the verb, and turns every error into one line and an exit status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated, NoReturn

import typer

from m1doctor import __version__
from m1doctor.cli.checks import checks
from m1doctor.cli.diagnose import diagnose
from m1doctor.cli.exits import Exit
from m1doctor.cli.explain import explain
from m1doctor.cli.schema import schema
from m1doctor.cli.terminal import write_err, write_out
from m1doctor.errors import UserError

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


app.command(epilog=EXIT_STATUSES)(diagnose)
app.command(epilog=EXIT_STATUSES)(checks)
app.command(epilog=EXIT_STATUSES)(explain)
app.command(epilog=EXIT_STATUSES)(schema)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status. Never raises for what the user, the machine or a verb does."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = app(arguments or ["--help"], prog_name="m1doctor", standalone_mode=False)
        status = Exit.CLEAN if status is None else int(status)
        if status == Exit.INTERRUPTED:  # typer makes this of Ctrl-C
            write_err("m1doctor: interrupted")
        return status  # noqa: TRY300 - the errors below come from the verb, not from here
    except UserError as error:
        return _refuse(str(error))
    except typer.TyperException as error:
        describe = getattr(error, "format_message", None)
        return _refuse(describe() if describe else str(error), hint=True)
    except KeyboardInterrupt:
        write_err("m1doctor: interrupted")
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever is left is our own defect, and is told as such
        return _own_defect(error, arguments)


def _refuse(message: str, *, hint: bool = False) -> int:
    from m1doctor.render.plain import plain  # noqa: PLC0415 - only an error needs it

    line = plain(" ".join(message.split()))
    write_err(f"m1doctor: {line}{' (see m1doctor --help)' if hint else ''}")
    return Exit.USAGE


def _own_defect(error: Exception, arguments: Sequence[str]) -> int:
    import traceback  # noqa: PLC0415 - only our own defects need it

    write_err(f"m1doctor: could not finish: {type(error).__name__}: {error}")
    if os.environ.get("M1DOCTOR_TRACEBACK") or "--verbose" in arguments or "-v" in arguments:
        write_err("".join(traceback.format_exception(error)).rstrip())
    else:
        write_err(
            f"This is a defect of m1doctor {__version__}. Report it with what this prints: "
            "M1DOCTOR_TRACEBACK=1 and the same command again."
        )
    return Exit.UNFINISHED


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Leave by way of every `finally`, so that the children that we started end too."""
    del frame
    raise SystemExit(128 + number)


def main() -> NoReturn:
    """The console script."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    status = run()
    sys.exit(status)
