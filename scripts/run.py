#!/usr/bin/env python3
"""Run m1doctor from this checkout on a machine with nothing but Python 3.8 or newer.

    python3 scripts/run.py diagnose

The first run makes a private environment in the checkout (`.venv-m1doctor`), the later ones start at once. Nothing
else on the machine is changed; removing that folder takes everything back. Where this Python is too old for m1doctor
itself, uv finds or brings a newer one. Arguments and exit status are those of `m1doctor`; 3 says that the environment
could not be made.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
"""The oldest Python that m1doctor itself runs on; the environment that it examines may be older."""
ENVIRONMENT = ".venv-m1doctor"
READY = "m1doctor-ready"
"""Written last into a finished environment, so that an interrupted one is recognized and made again."""
COULD_NOT = 3
"""m1doctor's exit status for "could not finish"."""
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


class CannotPrepareError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def say(text: str) -> None:
    """Tell the user; standard output belongs to m1doctor."""
    print(text, file=sys.stderr, flush=True)


def prepare(name: str, extras: str = "") -> Path:
    """Make the environment `name` of this checkout unless it is there, and return its interpreter.

    `extras` are those of m1doctor, e.g. ``"[dev]"``. Safe when two runs start at once, and after an interruption.
    Raises `CannotPrepareError`.
    """
    folder = ROOT / name
    python = folder / "bin" / "python"
    wanted = fingerprint(extras)
    if is_ready(folder, python, wanted):
        return python
    try:
        import fcntl  # noqa: PLC0415 - not there on Windows, and not needed by a run that finds all ready
    except ImportError:
        raise CannotPrepareError("m1doctor runs on macOS and Linux.") from None
    try:
        (ROOT / ".cache").mkdir(exist_ok=True)
        lock = (ROOT / ".cache" / f"{name}.lock").open("w")
    except OSError as error:
        raise CannotPrepareError(f"This checkout cannot be written to: {error}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready(folder, python, wanted):  # another run may have made it while we waited
            start = time.monotonic()
            say(f"m1doctor: making {name} in this checkout (only on the first run) ...")
            build(folder, python, extras)
            write_stamp(folder / READY, wanted)
            say(f"m1doctor: ready after {time.monotonic() - start:.0f} s.")
    return python


def fingerprint(extras: str) -> str:
    """Changes when the environment must be made again: other requirements, another place, another kind of Python."""
    digest = hashlib.sha256()
    for part in (str(ROOT), extras, str(sys.version_info[:2] if sys.version_info >= OLDEST else "brought by uv")):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    digest.update((ROOT / "pyproject.toml").read_bytes())
    digest.update((ROOT / "m1doctor" / "__init__.py").read_bytes())
    return digest.hexdigest()


def is_ready(folder: Path, python: Path, wanted: str) -> bool:
    """Whether the environment was finished, and its interpreter is still there."""
    try:
        return (folder / READY).read_text(encoding="ascii") == wanted and python.exists()
    except (OSError, ValueError):
        return False


def write_stamp(path: Path, text: str) -> None:
    """Write beside and rename, so that half a stamp is never seen."""
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text, encoding="ascii")
    beside.replace(path)


def build(folder: Path, python: Path, extras: str) -> None:
    """Make the environment and install this checkout into it, with uv, or with this Python's own venv and pip."""
    source = f"{ROOT}{extras}"
    uv = find_uv()
    if uv is None and sys.version_info >= OLDEST and make_venv(folder):
        must([str(python), *PIP_INSTALL, "--editable", source])
        return
    if uv is None:
        uv = get_uv(ROOT / f"{ENVIRONMENT}-uv")
    shutil.rmtree(folder, ignore_errors=True)
    # This very Python where it is new enough; else whatever uv finds on the machine, or brings.
    request = sys.executable if sys.version_info >= OLDEST else f">={OLDEST[0]}.{OLDEST[1]}"
    must([uv, "venv", "--quiet", "--no-project", "--python", request, str(folder)])
    must([uv, "pip", "install", "--quiet", "--python", str(python), "--editable", source])


def find_uv() -> str | None:
    """The uv on PATH, if it works: some shims are there and do not."""
    path = shutil.which("uv")
    return path if path is not None and run([path, "--version"]).returncode == 0 else None


def get_uv(folder: Path) -> str:
    """Bring a private uv by pip: in a virtual environment, or where this Python makes none, in a folder."""
    if make_venv(folder):
        must([str(folder / "bin" / "python"), *PIP_INSTALL, "uv"])
    elif run([sys.executable, "-m", "pip", "--version"]).returncode == 0:
        shutil.rmtree(folder, ignore_errors=True)
        must([sys.executable, *PIP_INSTALL, "--target", str(folder), "uv"])
    else:
        raise CannotPrepareError(
            f"This Python ({sys.executable}) has no pip and makes no virtual environment, and no uv is on PATH.\n"
            "Any one of these helps:\n"
            "  on Debian or Ubuntu:  apt install python3-venv\n"
            "  on Fedora:            dnf install python3-pip\n"
            "  anywhere:             sh scripts/bootstrap.sh    (brings uv and a Python of its own, and asks first)"
        )
    return str(folder / "bin" / "uv")


def make_venv(folder: Path) -> bool:
    """Make a virtual environment with pip in it, if this Python can: some distributors leave ensurepip out."""
    shutil.rmtree(folder, ignore_errors=True)
    return run([sys.executable, "-m", "venv", str(folder)]).returncode == 0


def must(argv: list[str]) -> None:
    """Run one step. Raises `CannotPrepareError` with its last words where it fails."""
    done = run(argv)
    if done.returncode != 0:
        words = done.stdout.decode("utf-8", "replace").strip().splitlines()[-15:]
        raise CannotPrepareError("\n  ".join([f"This step failed ({done.returncode}): {' '.join(argv)}", *words]))


def run(argv: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run one step to its end, with both streams in `stdout` and nothing to read."""
    return subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ(), check=False
    )


def environ() -> dict[str, str]:
    """The user's environment for the steps, without what leads an installer elsewhere."""
    misleading = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "UV_PYTHON")
    kept = {key: value for key, value in os.environ.items() if key not in misleading}
    # Both may be set in pip's own settings file as well, which only a variable outweighs.
    return {**kept, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


def main() -> None:
    """Prepare, then become m1doctor."""
    try:
        python = prepare(ENVIRONMENT)
    except CannotPrepareError as error:
        say(f"m1doctor cannot be installed here. {error}")
        sys.exit(COULD_NOT)
    except KeyboardInterrupt:
        say("interrupted; the next run starts over.")
        sys.exit(130)
    # -I: what the user set for the Python under examination (PYTHONPATH, the user site) is not for ours.
    os.execv(python, [str(python), "-I", "-m", "m1doctor", *sys.argv[1:]])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    if sys.version_info < (3, 8):  # noqa: UP036 - this file runs on a Python that is too old for m1doctor
        sys.exit(f"scripts/run.py needs Python 3.8 or newer; this is {sys.version.split()[0]}")
    main()
