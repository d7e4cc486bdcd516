"""The file system of a world, asked in the paths that the examined machine itself would use.

A world may live in a folder (a recorded machine, a test). Absolute symbolic links must then be followed inside that
folder, never on the disk of whoever examines it. Nothing here raises for what it finds: a missing file, a folder in
place of a file, a loop of links, a pipe, undecodable bytes and a huge file are all told by the returned value.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_LINKS = 64
"""Symbolic links followed on one path before it counts as a loop; macOS itself stops at 32, Linux at 40."""
MAX_TEXT_BYTES = 4 * 1024 * 1024
"""Largest text file that is read; a `_sysconfigdata` module has about 40 kB."""


class Disk:
    """Files below a root, by their absolute path on the examined machine."""

    def __init__(self, root: Path) -> None:
        """Ask below `root`."""
        self._root = "" if str(root) == "/" else str(root)

    def on_disk(self, path: str) -> str:
        """Where `path` really lies on this disk, its symbolic links followed as far as they lead.

        Raises `OSError` for a loop of links.
        """
        return self._root + self._walk(path) if self._root else path

    def end_of_links(self, path: str) -> str | None:
        """Where the links of `path` lead, whether or not there is something; `None` for a loop."""
        try:
            return self._walk(path)
        except (OSError, ValueError):
            return None

    def real(self, path: str) -> str | None:
        """Where the links of `path` lead, or `None` where there is nothing."""
        end = self.end_of_links(path)
        return end if end is not None and self.mode(end) is not None else None

    def mode(self, path: str) -> int | None:
        """The `st_mode` of what the links of `path` lead to; `None` where there is nothing that can be seen."""
        try:
            return os.stat(self.on_disk(path)).st_mode  # noqa: PTH116 - paths here are strings of another machine
        except (OSError, ValueError):
            return None

    def exists(self, path: str) -> bool:
        """Whether there is something at the end of `path`."""
        return self.mode(path) is not None

    def is_link(self, path: str) -> bool:
        """Whether `path` itself is a symbolic link, also one that leads nowhere."""
        parent, name = os.path.split(path)
        try:
            return stat.S_ISLNK(os.lstat(os.path.join(self.on_disk(parent), name)).st_mode)  # noqa: PTH118 - as above
        except (OSError, ValueError):
            return False

    def is_file(self, path: str) -> bool:
        """Whether a regular file is at the end of `path`."""
        mode = self.mode(path)
        return mode is not None and stat.S_ISREG(mode)

    def is_folder(self, path: str) -> bool:
        """Whether a folder is at the end of `path`."""
        mode = self.mode(path)
        return mode is not None and stat.S_ISDIR(mode)

    def is_executable(self, path: str) -> bool:
        """Whether a regular file is at the end of `path` that somebody may run."""
        mode = self.mode(path)
        return mode is not None and stat.S_ISREG(mode) and bool(mode & 0o111)

    def names(self, path: str) -> list[str]:
        """Names in the folder `path`, sorted; empty where it is no folder or may not be listed."""
        try:
            return sorted(os.listdir(self.on_disk(path)))  # noqa: PTH208 - as above
        except (OSError, ValueError):
            return []

    def head(self, path: str, size: int) -> bytes | None:
        """The first `size` bytes of the regular file at the end of `path`, or `None`."""
        try:
            # Without O_NONBLOCK, opening a pipe that somebody named like a file would wait for ever.
            handle = os.open(self.on_disk(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            with os.fdopen(handle, "rb", closefd=False) as stream:
                return stream.read(size)
        except OSError:
            return None
        finally:
            os.close(handle)

    def text(self, path: str, limit: int = MAX_TEXT_BYTES) -> str | None:
        """The text file at the end of `path`; `None` where there is none or it is longer than `limit` bytes.

        Bytes that are not UTF-8 become U+FFFD, a byte order mark is dropped.
        """
        content = self.head(path, limit + 1)
        if content is None or len(content) > limit:
            return None
        return content.decode("utf-8", "replace").removeprefix("\ufeff")

    def _walk(self, path: str) -> str:
        """Follow every link of `path` inside the root. Raises `OSError` for a loop."""
        if not self._root:
            # realpath leaves a loop standing in its answer; whoever stats that then sees that it is one.
            return os.path.realpath(path)
        pending = path.split("/")[::-1]
        done: list[str] = []
        links = 0
        while pending:
            name = pending.pop()
            if name in ("", "."):
                continue
            if name == "..":
                del done[-1:]
                continue
            here = "/".join([self._root, *done, name])
            try:
                target = os.readlink(here)  # noqa: PTH115 - as above
            except OSError:
                done.append(name)
                continue
            links += 1
            if links > MAX_LINKS:
                message = f"too many symbolic links: {path}"
                raise OSError(message)
            if target.startswith("/"):
                done.clear()
            pending += target.split("/")[::-1]
        return "/" + "/".join(done)


def absolute(path: str, base: str) -> str:
    """`path` without ``.`` and ``..``, taken from `base` where it is relative. Links are not followed."""
    return os.path.normpath(os.path.join(base, path))  # noqa: PTH118 - as above


def below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it; a comparison of names only."""
    folder = folder.rstrip("/") or "/"
    return path == folder or path.startswith(folder if folder == "/" else folder + "/")
