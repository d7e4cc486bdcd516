"""What earlier diagnoses found: each is kept, a bounded number for each target, readable by its user alone.

A diagnosis is one file that is written whole or not at all, and never changed after. Its name tells when it was kept
and whether the environment worked; so a listing opens none, two runs at the same time cannot meet, and a damaged file
takes no other along. Of all that worked the newest is kept beyond every bound, with the pinned requirements of then.
"""

from __future__ import annotations

import re
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from m1doctor.documents import DocumentError, from_json, to_json
from m1doctor.errors import UserError
from m1doctor.files import write_atomically
from m1doctor.model.report import Report, Status, TargetKind
from m1doctor.model.runtime import ChildEnd
from m1doctor.paths import HISTORY_NAME, history_folder, targets_folder

MOST_ENTRIES = 50
"""Diagnoses of one target. One of a full TensorFlow environment with its benchmark takes 17 kB."""
MOST_BYTES = 4 * 2**20
"""Bytes of all diagnoses of one target."""
MOST_TARGETS = 64
"""Targets with a history; of more, those that were not diagnosed for longest lose theirs."""
LARGEST_ENTRY_BYTES = 64 * 2**20
"""Bytes of one report, unpacked."""
_LEFTOVER_SECONDS = 3600
"""Age from which a file that no diagnosis belongs to was left behind by an interrupted run."""

_MOMENT = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-[0-9a-f]{8}(-worked)?\.json\.gz")
_DECIDING = {TargetKind.PYTHON: {"TF001", "TF004"}, TargetKind.FOLDER: {"PKG001", "LNK002"}}
"""The checks without which nothing can be said to work, for each kind of target that can."""
_GZIP = 31
"""`zlib`'s word for the format that gunzip reads."""


class HistoryError(UserError):
    """An earlier diagnosis that does not exist or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One diagnosis that is kept. Later ones are greater."""

    kept: datetime
    """When, in UTC."""
    name: str
    """Of its file."""

    @staticmethod
    def named(name: str) -> Entry | None:
        """The entry in a file of this name; `None` for a file that is something else."""
        match = _NAME.fullmatch(name)
        try:
            return match and Entry(datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC), name)
        except ValueError:
            return None

    @property
    def worked(self) -> bool:
        """Whether the environment worked then, as `worked` tells it."""
        return "-worked." in self.name

    @property
    def lock_name(self) -> str:
        """The name of the file with the pinned requirements of then, where they were kept."""
        return self.name.replace(".json.gz", ".lock")


def worked(report: Report) -> bool:
    """Whether a report shows an environment that worked: TensorFlow ran in it, and nothing is an error.

    In a folder of packages nothing is ever run; there it is that nothing is an error. A report without the checks that
    decide, because others were chosen, shows neither.
    """
    deciding = _DECIDING.get(report.target.kind)
    if deciding is None or not deciding <= {result.id for result in report.results}:
        return False
    if any(result.status in (Status.ERROR, Status.CRASHED) for result in report.results):
        return False
    runtime = report.facts.runtime
    return report.target.kind is TargetKind.FOLDER or (runtime is not None and runtime.outcome.end is ChildEnd.FINISHED)


class History:
    """The kept diagnoses of one target."""

    def __init__(self, folder: Path) -> None:
        """Those in `folder`, which need not exist."""
        self.folder = folder

    def entries(self) -> tuple[Entry, ...]:
        """All of them, newest first. Raises `HistoryError` where the folder cannot be listed."""
        try:
            names = [path.name for path in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            message = f"cannot read {self.folder}: {error.strerror or error}"
            raise HistoryError(message) from error
        return tuple(sorted(filter(None, map(Entry.named, names)), reverse=True))

    def last_good(self) -> Entry | None:
        """The newest of an environment that worked."""
        return next((entry for entry in self.entries() if entry.worked), None)

    def read(self, entry: Entry) -> Report:
        """The report of then. Raises `HistoryError` that names a damaged file."""
        path = self.folder / entry.name
        try:
            unpack = zlib.decompressobj(_GZIP)
            content = unpack.decompress(path.read_bytes(), LARGEST_ENTRY_BYTES)
            if not unpack.eof:
                message = f"{path}: damaged: {'larger than any report' if unpack.unconsumed_tail else 'cut short'}"
                raise HistoryError(message)
            return from_json(content)
        except OSError as error:
            message = f"cannot read {path}: {error.strerror or error}"
            raise HistoryError(message) from error
        except (zlib.error, DocumentError) as error:
            message = f"{path}: damaged: {error}"
            raise HistoryError(message) from error

    def lock(self, entry: Entry) -> str | None:
        """The pinned requirements that were written then; `None` where none are kept with it."""
        try:
            return (self.folder / entry.lock_name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            message = f"cannot read {self.folder / entry.lock_name}: {error}"
            raise HistoryError(message) from error

    def remember(self, report: Report, lock: str | None = None, *, when: datetime | None = None) -> Entry:
        """Keep a report, and with it the pinned requirements that were written; then drop what is beyond the bounds.

        Raises `OSError`.
        """
        moment = when or datetime.now(UTC)
        good = worked(report)
        name = f"{moment.strftime(_MOMENT)}-{token_hex(4)}{'-worked' if good else ''}.json.gz"
        entry = Entry(moment, name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if good and lock is not None:  # before its entry: an entry is complete from the moment that it is there
            write_atomically(self.folder / entry.lock_name, lock, mode=0o600)
        packed = zlib.compressobj(wbits=_GZIP)
        content = packed.compress(to_json(report).encode()) + packed.flush()
        write_atomically(self.folder / entry.name, content, mode=0o600)
        self._drop()
        return entry

    def clear(self) -> int:
        """Forget all; return how many diagnoses there were. Raises `OSError`."""
        entries = self.entries()
        for entry in entries:
            self._remove((entry.name, entry.lock_name))
        self._remove_leftovers(older_than=0)
        return len(entries)

    def _drop(self) -> None:
        """Remove what is beyond the bounds, the oldest first."""
        entries = self.entries()
        treasured = self._treasured(entries)
        spent = 0
        for number, entry in enumerate(entries):
            spent += self._size(entry)
            beyond = number >= MOST_ENTRIES or (number > 0 and spent > MOST_BYTES)
            if beyond and entry not in treasured:
                self._remove((entry.name,))
        kept_locks = {entry.lock_name for entry in treasured}
        self._remove(entry.lock_name for entry in entries if entry.lock_name not in kept_locks)
        self._remove_leftovers(older_than=_LEFTOVER_SECONDS)

    def _treasured(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """What outlives the bounds: the last that worked, and the last that worked whose requirements are known."""
        good = [entry for entry in entries if entry.worked]
        pinned = [entry for entry in good if (self.folder / entry.lock_name).exists()]
        return (*good[:1], *pinned[:1])

    def _size(self, entry: Entry) -> int:
        try:
            return (self.folder / entry.name).stat().st_size
        except FileNotFoundError:
            return 0  # another run has dropped it

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def _remove_leftovers(self, *, older_than: float) -> None:
        """Remove what interrupted runs have left: files half written, and requirements without their diagnosis."""
        known = {name for entry in self.entries() for name in (entry.name, entry.lock_name)}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            ours = path.name.endswith((".tmp", ".lock")) and path.name not in known
            try:
                if ours and time.time() - path.stat().st_mtime >= older_than:
                    path.unlink()
            except FileNotFoundError:
                continue


def history_of(target: str) -> History:
    """The kept diagnoses of the target at this path."""
    return History(history_folder(target))


def remember(report: Report, lock: str | None = None) -> None:
    """Keep a diagnosis of this machine. Raises `OSError`."""
    history_of(report.target.path).remember(report, lock)
    _drop_targets(targets_folder())


def earlier(target: str, *, damaged: Callable[[str], None] = lambda _: None) -> Iterator[Report]:
    """The earlier reports of a target, newest first, read one by one.

    One that is damaged is passed over, and `damaged` is told which and why.
    """
    history = history_of(target)
    try:
        entries = history.entries()
    except HistoryError as error:
        damaged(str(error))
        return
    for entry in entries:
        try:
            report = history.read(entry)
        except HistoryError as error:
            damaged(str(error))
        else:
            yield report


def histories(folder: Path) -> list[History]:
    """The histories of all targets below a folder, the one that was added to last first."""
    found = [History(place) for place in folder.glob(f"*/{HISTORY_NAME}")]
    return sorted((history for history in found if history.entries()), key=lambda each: each.entries()[0], reverse=True)


def _drop_targets(folder: Path) -> None:
    for history in histories(folder)[MOST_TARGETS:]:
        shutil.rmtree(history.folder, ignore_errors=True)
