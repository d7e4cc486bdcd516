"""Where things of our own live: the only module that knows, and the only one that imports platformdirs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from m1doctor.errors import UserError

REQUIREMENTS_NAME = "requirements.txt"
HISTORY_NAME = "history"


def state_folder() -> Path:
    """The folder for what is kept from run to run.

    ``~/Library/Application Support/m1doctor`` on a Mac; ``m1doctor`` below `$XDG_STATE_HOME`, else below
    ``~/.local/state``, on Linux. It is not made here. Raises `UserError` for a user without a home folder.
    """
    import platformdirs  # noqa: PLC0415 - not every run keeps something

    try:
        return platformdirs.user_state_path("m1doctor", appauthor=False)
    except RuntimeError as error:
        message = "there is no home folder to keep anything in: set HOME or XDG_STATE_HOME"
        raise UserError(message) from error


def target_key(path: str) -> str:
    """A folder name for the target at `path` (its interpreter or its folder): readable, and one for each target.

    The last folder that says something, then the start of a hash of the whole path: ``"venv-3f2a9c1d04"``.
    """
    uninformative = {"bin", "lib", "site-packages", "dist-packages", "Scripts", "Versions"}
    parts = [part for part in Path(path).parts if part not in uninformative and not part.startswith("python")]
    word = re.sub(r"[^A-Za-z0-9_]+", "-", parts[-1] if parts else "").strip("-")[:40] or "target"
    return f"{word}-{hashlib.sha256(path.encode(errors='surrogatepass')).hexdigest()[:10]}"


def targets_folder() -> Path:
    """The folder with a folder for each target."""
    return state_folder() / "targets"


def target_folder(path: str) -> Path:
    """The folder for what is kept about the target at `path`."""
    return targets_folder() / target_key(path)


def requirements_file(path: str) -> Path:
    """Where `diagnose` writes the pinned requirements of the target at `path` unless it is told otherwise."""
    return target_folder(path) / REQUIREMENTS_NAME


def history_folder(path: str) -> Path:
    """Where the earlier diagnoses of the target at `path` are kept."""
    return target_folder(path) / HISTORY_NAME
