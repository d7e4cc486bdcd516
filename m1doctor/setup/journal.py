"""The journal: what was begun, how far it came and how it ended, so that a crash at any moment can be taken back.

One file for each transaction, one line for each event, synced before the next step is taken. A line that a crash cut
off counts as not written: then nothing of what it announces had begun.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

_SUFFIX = ".jsonl"


class Verb(StrEnum):
    """What a transaction does."""

    FIX = "fix"
    """Changes packages of an environment that is there."""
    SETUP = "setup"
    """Puts a new environment in its place."""


class Event(StrEnum):
    """What has happened to a transaction. Written before the deed, but for the three ends."""

    BEGUN = "begun"
    BACKED_UP = "backed-up"
    STEP = "step"
    BUILT = "built"
    """A new environment is complete, beside its place."""
    KEPT = "kept"
    RESTORING = "restoring"
    RESTORED = "restored"
    UNDOING = "undoing"
    UNDONE = "undone"
    FORGOTTEN = "forgotten"
    """Its backup has been dropped: it cannot be undone any more."""


_ENDS = {Event.KEPT, Event.RESTORED, Event.UNDONE, Event.FORGOTTEN}


class BusyError(Exception):
    """Another m1doctor works on the same environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction as its journal tells it."""

    id: str
    verb: Verb
    environment: Path
    began: str
    """UTC, ISO 8601 with a final ``Z``."""
    plan: tuple[str, ...]
    """What was to be done, a sentence each."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Paths that belong to it: of a setup its ``staging`` and the ``previous`` environment."""
    events: tuple[Event, ...] = ()
    step: str | None = None
    """The step that was begun last."""

    @property
    def open(self) -> bool:
        """Whether it has not come to an end."""
        return not self.events or self.events[-1] not in _ENDS

    @property
    def kept(self) -> bool:
        """Whether its outcome stands and can be taken back."""
        return bool(self.events) and self.events[-1] is Event.KEPT

    def had(self, event: Event) -> bool:
        """Whether it came that far."""
        return event in self.events


class Journal:
    """The transactions of this machine."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which is made when the first one begins."""
        self.folder = folder

    def begin(
        self,
        verb: Verb,
        environment: Path,
        plan: tuple[str, ...],
        *,
        details: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> Transaction:
        """Write the first line of a transaction and return it. Raises `OSError`."""
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        name = f"{moment.strftime('%Y%m%dT%H%M%S%f')}-{secrets.token_hex(3)}"
        head = {
            "event": Event.BEGUN,
            "verb": verb,
            "environment": str(environment),
            "began": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "plan": list(plan),
            "details": dict(details or {}),
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        _append(self.folder / f"{name}{_SUFFIX}", head)
        return self.find(name)

    def note(self, transaction: Transaction, event: Event, step: str | None = None) -> Transaction:
        """Write that `event` happens now, and return the transaction as it is then. Raises `OSError`."""
        line = {"event": event} if step is None else {"event": event, "step": step}
        _append(self.folder / f"{transaction.id}{_SUFFIX}", line)
        return self.find(transaction.id)

    def find(self, name: str) -> Transaction:
        """The transaction of that id. Raises `LookupError` where there is none that can be read."""
        found = _read(self.folder / f"{name}{_SUFFIX}")
        if found is None:
            raise LookupError(name)
        return found

    def transactions(self, environment: Path | None = None) -> list[Transaction]:
        """All of them, or those of one environment, the newest first."""
        files = sorted(self.folder.glob(f"*{_SUFFIX}"), reverse=True) if self.folder.is_dir() else []
        found = [each for each in map(_read, files) if each is not None]
        return [each for each in found if environment is None or each.environment == environment]

    def interrupted(self, environment: Path) -> Transaction | None:
        """The transaction of that environment that did not come to its end, or `None`."""
        return next((each for each in self.transactions(environment) if each.open), None)

    def backup_folder(self, transaction: Transaction) -> Path:
        """Where the backup of a transaction lies."""
        return self.folder.parent / "backups" / transaction.id

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other m1doctor from changing an environment meanwhile. Raises `BusyError`.

        The system lets go of it when the process ends, however it ends.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BusyError("another m1doctor is changing an environment; wait for its end") from error
            yield


def _append(path: Path, line: Mapping[str, Any]) -> None:
    text = json.dumps(line) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Transaction | None:
    """A transaction, or `None` where not even its first line is whole."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        head = json.loads(lines[0])
        events, step = [Event.BEGUN], None
        for text in lines[1:]:
            try:
                line = json.loads(text)
                events.append(Event(line["event"]))
            except (ValueError, KeyError, TypeError):
                continue
            step = line.get("step", step)
        return Transaction(
            id=path.name.removesuffix(_SUFFIX),
            verb=Verb(head["verb"]),
            environment=Path(head["environment"]),
            began=head["began"],
            plan=tuple(head["plan"]),
            details=head["details"],
            events=tuple(events),
            step=step,
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
