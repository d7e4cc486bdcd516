"""What lies in an environment: every file with what tells whether it has been changed, and every folder.

Bytecode is left out: Python writes it while packages are merely used.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

CACHE = "__pycache__"
_NOT_OURS = {".lock"}
"""uv's own lock of the environment, which comes and goes."""


class Entry(NamedTuple):
    """One file or symbolic link. Two of them that are equal stand for a file that nobody has touched."""

    mode: int
    size: int
    modified_ns: int
    inode: int
    link: str | None
    """Where a symbolic link leads; `None` for a file."""

    def same_content(self, other: Entry) -> bool:
        """Whether both are the same file or one is a faithful copy of the other."""
        return self._replace(inode=0) == other._replace(inode=0)


@dataclass(frozen=True, slots=True)
class Stock:
    """All that lies in a folder, by its path relative to it."""

    files: dict[str, Entry]
    folders: frozenset[str]

    def to_json(self) -> str:
        """The stock as text; the names of files may be any bytes."""
        return json.dumps({"files": self.files, "folders": sorted(self.folders)})

    @staticmethod
    def from_json(text: str) -> Stock:
        """Read what `to_json` wrote. Raises `ValueError` for anything else."""
        document: Any = json.loads(text)
        try:
            files = {path: Entry(*values) for path, values in document["files"].items()}
            return Stock(files, frozenset(document["folders"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it is no list of files") from error


def take_stock(environment: Path) -> Stock:
    """Look at everything below `environment`; links are not followed. Raises `OSError`."""
    files: dict[str, Entry] = {}
    folders: set[str] = set()
    for path, entry in _walk(environment, ""):
        if entry is None:
            folders.add(path)
        else:
            files[path] = entry
    return Stock(files, frozenset(folders))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Entry | None]]:
    with os.scandir(folder) as found:
        for each in found:
            path = f"{prefix}{each.name}"
            if each.is_dir(follow_symlinks=False):
                if each.name != CACHE:
                    yield path, None
                    yield from _walk(Path(each.path), f"{path}/")
            elif path not in _NOT_OURS:
                yield path, entry_of(each.path)


def entry_of(path: str | Path) -> Entry:
    """The entry of one file or link. Raises `OSError`."""
    found = os.lstat(path)
    link = os.readlink(path) if stat.S_ISLNK(found.st_mode) else None  # noqa: PTH115 - names may be any bytes
    # A link is what it says: its own times mean nothing and cannot be restored everywhere.
    modified = 0 if link is not None else found.st_mtime_ns
    return Entry(found.st_mode, found.st_size, modified, found.st_ino, link)
