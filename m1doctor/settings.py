"""Settings of a project: `m1doctor.toml`, or `[tool.m1doctor]` in `pyproject.toml`, here or in a folder above.

    select = ["LNK", "TF001"]
    ignore = { MAC004 = "the build machine is a virtual machine" }
    fail-on = "warning"

The first file that says something about m1doctor is the only one that counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from m1doctor.errors import UserError
from m1doctor.model.finding import Level
from m1doctor.model.record import record


class SettingsError(UserError):
    """A settings file that cannot be read, or says something that is not understood; names the file and the key."""


class FailOn(StrEnum):
    """The level from which a finding makes exit status 1."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"

    @property
    def weight(self) -> int:
        """Comparable with `Level.weight`; no level reaches `never`."""
        return len(Level) + 1 if self is FailOn.NEVER else Level(self.value).weight


@record(frozen=True, slots=True, kw_only=True)
class Ignore:
    """A check that the project leaves out, and why."""

    name: str
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the project says. `None` is "it does not say"; the command line goes before."""

    file: Path | None = None
    """Where it was said; `None` where no file says anything."""
    select: tuple[str, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    fail_on: FailOn | None = None
    limit: float | None = None
    """Seconds that a child of the target may take."""
    bench: bool | None = None
    deep: bool | None = None
    offline: bool | None = None
    hints: bool | None = None
    """Whether `lint` tells hints."""
    history: bool | None = None
    """Whether diagnoses are kept."""
    lock: Path | None = None
    """Where the pinned requirements go; relative to the file's folder."""

    def where(self, key: str) -> str:
        """Name the place of a key for a message: ``"pyproject.toml, tool.m1doctor.select"``."""
        return _where(self.file or Path("m1doctor.toml"), key)


def find_settings(folder: Path) -> Settings:
    """Read the settings that hold for `folder`: its own, or those of the nearest folder above that has some.

    Raises `SettingsError` for a file that says something that is not understood.
    """
    for place in (folder, *folder.parents):
        own, shared = place / "m1doctor.toml", place / "pyproject.toml"
        if own.is_file():
            return _settings(own, _table_of(own, _read(own)))
        if shared.is_file():
            content = _read(shared)
            if "m1doctor" in content:  # most projects say nothing about us, and a TOML parser is not free to import
                table = _table_of(shared, content)
                if table is not None:
                    return _settings(shared, table)
    return Settings()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 text (byte {error.start})"
        raise SettingsError(message) from error
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise SettingsError(message) from error


def _table_of(path: Path, content: str) -> Any:
    """Our table of a TOML file; `None` for a `pyproject.toml` without one."""
    import tomllib  # noqa: PLC0415 - most runs have no settings to parse

    try:
        document = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{path}: not TOML: {error}"
        raise SettingsError(message) from error
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool", {})
    return tool.get("m1doctor") if isinstance(tool, dict) else None


def _where(path: Path, key: str) -> str:
    prefix = "tool.m1doctor" if path.name == "pyproject.toml" else ""
    return f"{path}, {'.'.join(part for part in (prefix, key) if part) or 'the document'}"


_KEYS = ("select", "ignore", "fail-on", "limit", "bench", "deep", "offline", "history", "lock", "hints")


def _settings(path: Path, table: Any) -> Settings:
    def wrong(key: str, expected: str) -> SettingsError:
        return SettingsError(f"{_where(path, key)}: {expected}")

    if not isinstance(table, dict):
        raise wrong("", "a table is expected")
    for key in table:
        if key not in _KEYS:
            import difflib  # noqa: PLC0415 - only for a misspelt key

            near = difflib.get_close_matches(key, _KEYS, n=1)
            raise wrong(key, f"unknown key; did you mean {near[0]}?" if near else f"unknown key; known are {_listed()}")

    def flag(key: str) -> bool | None:
        value = table.get(key)
        if value is not None and not isinstance(value, bool):
            raise wrong(key, f"true or false is expected, not {_shown(value)}")
        return value

    limit = table.get("limit")
    if limit is not None and (
        isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < math.inf
    ):
        raise wrong("limit", f"a number of seconds above 0 is expected, not {_shown(limit)}")
    fail_on = table.get("fail-on")
    if fail_on is not None and fail_on not in tuple(FailOn):
        raise wrong("fail-on", f"one of {', '.join(FailOn)} is expected, not {_shown(fail_on)}")
    lock = table.get("lock")
    if lock is not None and not (isinstance(lock, str) and lock):
        raise wrong("lock", f"a path is expected, not {_shown(lock)}")
    return Settings(
        file=path,
        select=_names(path, "select", table.get("select", [])),
        ignore=_ignores(path, table.get("ignore", {})),
        fail_on=FailOn(fail_on) if fail_on is not None else None,
        limit=float(limit) if limit is not None else None,
        bench=flag("bench"),
        deep=flag("deep"),
        offline=flag("offline"),
        hints=flag("hints"),
        history=flag("history"),
        lock=path.parent / lock if lock is not None else None,
    )


def _names(path: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        message = f"{_where(path, key)}: a list of check ids, prefixes or slugs is expected, not {_shown(value)}"
        raise SettingsError(message)
    return tuple(value)


def _ignores(path: Path, value: Any) -> tuple[Ignore, ...]:
    """Read ``{ MAC004 = "why" }`` or ``[{ id = "MAC004", reason = "why" }]``.

    Raises `SettingsError` for anything else, and for an ignore without its reason: nobody could later tell whether it
    still holds.
    """
    pairs: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        pairs += value.items()
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict) and isinstance(entry.get("id"), str) and set(entry) <= {"id", "reason"}:
                pairs.append((entry["id"], entry.get("reason")))
            elif isinstance(entry, str):
                pairs.append((entry, None))
            else:
                message = f"{_where(path, 'ignore')}: a check and its reason are expected, not {_shown(entry)}"
                raise SettingsError(message)
    else:
        message = f"{_where(path, 'ignore')}: a table of check = reason is expected, not {_shown(value)}"
        raise SettingsError(message)
    for name, reason in pairs:
        if not isinstance(reason, str) or not reason.strip():
            given = "" if reason is None or reason == "" else f", and {_shown(reason)} is none"
            message = (
                f"{_where(path, f'ignore.{name}')}: an ignored check carries its reason{given}; "
                f'write ignore = {{ {name} = "why" }}'
            )
            raise SettingsError(message)
    return tuple(Ignore(name=name, reason=reason.strip()) for name, reason in pairs)


def _listed() -> str:
    return ", ".join(_KEYS)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - enough to recognise one's own words
