#!/usr/bin/env python3
"""Run every check of this checkout: formatting, linting, typing, tests.

    python3 scripts/test.py
    python3 scripts/test.py tests/locks -k offline      (arguments are pytest's)

Installs what is needed into `.venv-m1doctor-dev` of the checkout on the first run. The tests lay real environments of
some gigabytes into `.cache/` once, which needs the network; without it they fail and say so. Needs a C compiler for
the test double of TensorFlow's plug-in interface. Exit status: 0 all is well, 1 something failed, 3 could not start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

from run import COULD_NOT, ROOT, CannotPrepareError, prepare, say

ENVIRONMENT = ".venv-m1doctor-dev"
MOST_WORKERS = 4
"""Beyond these the tests that run TensorFlow take too much memory."""


def main(arguments: list[str]) -> int:
    """Prepare, run every step even where an earlier one failed, and sum up."""
    try:
        require_compiler()
        python = prepare(ENVIRONMENT, "[dev]")
    except CannotPrepareError as error:
        say(f"The tests cannot be run here. {error}")
        return COULD_NOT
    except KeyboardInterrupt:
        return 130
    tools = python.parent
    environ = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    environ["PATH"] = f"{tools}{os.pathsep}{environ.get('PATH', os.defpath)}"
    steps = [
        ("format", [str(tools / "ruff"), "format", "--check", "--quiet", "."]),
        ("lint", [str(tools / "ruff"), "check", "--quiet", "."]),
        ("types", [str(tools / "mypy"), "--no-error-summary"]),
        ("tests", [str(python), "-m", "pytest", *workers(arguments), *arguments]),
    ]
    outcomes = []
    for name, argv in steps:
        say(f"== {name}: {' '.join(argv)}")
        start = time.monotonic()
        try:
            status = subprocess.run(argv, cwd=ROOT, env=environ, check=False).returncode
        except KeyboardInterrupt:
            return 130
        outcomes.append((name, status, time.monotonic() - start))
    for name, status, seconds in outcomes:
        say(f"{name:8} {'ok' if status == 0 else f'FAILED ({status})':14} {seconds:7.1f} s")
    return int(any(status for _, status, _ in outcomes))


def require_compiler() -> None:
    """See that there is a C compiler, so that no test that needs one is skipped. Raises `CannotPrepareError`."""
    if not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        raise CannotPrepareError(
            "No C compiler (cc, gcc or clang) is on PATH; a test double of a TensorFlow plugin is built with it.\n"
            "  on a Mac:             xcode-select --install\n"
            "  on Debian or Ubuntu:  apt install gcc libc6-dev\n"
            "  on Fedora:            dnf install gcc"
        )


def workers(arguments: list[str]) -> list[str]:
    """Options that spread the tests over the cores, unless the user says how."""
    if any(argument.startswith(("-n", "--numprocesses", "--pdb", "--dist")) for argument in arguments):
        return []
    return ["-n", str(min(MOST_WORKERS, os.cpu_count() or 1)), "--dist", "worksteal", "--durations", "15"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
