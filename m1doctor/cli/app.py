"""The `m1doctor` command: runs a verb, and turns every error into one line and an exit status."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

from m1doctor import __version__
from m1doctor.cli.exits import Exit
from m1doctor.cli.terminal import write_err
from m1doctor.errors import UnfinishedError, UserError


def run(argv: Sequence[str] | None = None, *, app: Callable[..., Any] | None = None) -> int:
    """Run one verb and return its exit status. Never raises for what the user, the machine or a verb does."""
    import typer  # noqa: PLC0415 - after `main` has made imports cheaper

    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if app is None:
            from m1doctor.cli import verbs  # noqa: PLC0415

            app = verbs.app
        status = app(arguments or ["--help"], prog_name="m1doctor", standalone_mode=False)
        if status == Exit.INTERRUPTED:  # typer makes this of Ctrl-C
            write_err("m1doctor: interrupted")
        return Exit.CLEAN if status is None else int(status)
    except UserError as error:
        return _refuse(str(error))
    except UnfinishedError as error:
        write_err(f"m1doctor: {error}")
        return Exit.UNFINISHED
    except typer.TyperException as error:
        describe = getattr(error, "format_message", None)
        verb = getattr(getattr(error, "ctx", None), "command_path", "m1doctor")
        return _refuse(describe() if describe else str(error), hint=f" (see {verb} --help)")
    except KeyboardInterrupt:
        write_err("m1doctor: interrupted")
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever is left is our own defect, and is told as such
        return _own_defect(error, arguments)


def _refuse(message: str, *, hint: str = "") -> int:
    from m1doctor.render.plain import plain  # noqa: PLC0415 - only an error needs it

    line = plain(" ".join(message.split()))
    write_err(f"m1doctor: {line}{hint}")
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
    # A run is short and makes next to no cycles, while looking for some takes a tenth of a quick diagnosis.
    gc.disable()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    status = run()
    # Python would search all that is left for cycles before it ends: 15 of 220 ms, for memory that goes back anyway.
    gc.freeze()
    sys.exit(status)
