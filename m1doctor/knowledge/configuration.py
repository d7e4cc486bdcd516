"""Which environment variables and settings of installers explain an environment to somebody else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("configuration.toml")


@record(frozen=True, slots=True, kw_only=True)
class SettingsFiles:
    """Where one installer keeps its settings."""

    of: str
    paths: tuple[str, ...]
    """With ``~`` for the home folder and ``$NAME`` for a variable."""
    source: str
    url: str
    date: str


@cache
def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only a bundle needs it

    with _DATA.open("rb") as file:
        return tomllib.load(file)


def is_telling(variable: str) -> bool:
    """Whether an environment variable says something about Python packages and TensorFlow."""
    wanted = _document()["environment"]
    return variable in wanted["names"] or variable.startswith(tuple(wanted["prefixes"]))


@cache
def settings_files() -> tuple[SettingsFiles, ...]:
    """Where installers keep their settings."""
    return tuple(SettingsFiles(**{**entry, "paths": tuple(entry["paths"])}) for entry in _document()["files"])
