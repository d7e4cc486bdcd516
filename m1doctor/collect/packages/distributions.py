"""Which distributions are installed in a site folder, read without running anything.

They are found by the endings of their names, as `importlib.metadata` finds them. That module itself brings an e-mail
parser, sockets and archives along, 9 of the 230 ms of `diagnose --quick`; its own reading parses whole descriptions
(see `metadata`) and has no limit for a hostile file. It is asked for the one format that is not plain: `requires.txt`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from m1doctor.collect.packages.metadata import MAX_HEAD_BYTES, MetadataHead, head_of, parse_head
from m1doctor.collect.packages.record import Row, read_record
from m1doctor.model.names import normalized
from m1doctor.model.packages import BrokenMetadata, DirectOrigin, Distribution

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
"""A distribution name as PEP 508 allows it."""
_SMALL_FILE = 64 * 1024
"""Bytes read of INSTALLER, WHEEL, `direct_url.json` and the like."""
_MAX_RECORD_BYTES = 64 * 1024 * 1024
"""Bytes read of a RECORD: half a million files. The largest seen (a nightly of a GPU build) has 30,000."""
_NOT_IMPORTED = ("bin", "__pycache__", "..")


class Installed(NamedTuple):
    """A distribution with what only the collectors need."""

    distribution: Distribution
    folder: Path
    """Its site folder on this disk."""
    rows: list[Row] | None
    """The lines of its RECORD, also those that lead out of the site folder; `None` where it has no RECORD."""

    @property
    def label(self) -> str:
        """``"name version"``."""
        return f"{self.distribution.name} {self.distribution.version}"


def find_distributions(
    folder: Path, shown: str, entries: list[str], *, headers: bool = True
) -> tuple[list[Installed], list[BrokenMetadata]]:
    """Find what is installed in `folder`, whose names are `entries` and which the report calls `shown`.

    Also looks where an `.egg` folder or an `.egg-link` of it leads. Sorted by name; of two records of one name the one
    with a RECORD comes first, because the other is what an interrupted uninstall leaves behind. Without `headers` the
    rows leave out what lies in `include` folders.
    """
    installed: list[Installed] = []
    broken: list[BrokenMetadata] = []
    for place in _places(folder, entries):
        for path in _metadata_in(place):
            one = _read(path, folder, shown, headers=headers)
            if isinstance(one, Installed):
                installed.append(one)
            else:
                broken.append(one)
    installed.sort(
        key=lambda item: (item.distribution.normalized_name, item.rows is None, item.distribution.metadata_path)
    )
    return installed, broken


def _places(folder: Path, entries: list[str]) -> Iterator[Path]:
    yield folder
    for entry in sorted(entries):
        if entry.endswith(".egg"):
            yield folder / entry
        elif entry.endswith(".egg-link"):
            target = read_bounded(folder / entry, _SMALL_FILE).decode("utf-8", "replace").split("\n")[0].strip()
            if target and "\0" not in target:
                yield Path(target)


def _metadata_in(place: Path) -> Iterator[Path]:
    """The metadata of what is installed in `place`; none where it cannot be listed, such as a zipped egg."""
    try:
        names = os.listdir(place)  # noqa: PTH208 - names are what is wanted
    except (OSError, ValueError):
        return
    in_egg = place.name.lower().endswith(".egg")
    for name in names:
        low = name.lower()
        if low.endswith((".dist-info", ".egg-info")) or (in_egg and low == "egg-info"):
            yield place / name


def _read(path: Path, folder: Path, shown: str, *, headers: bool) -> Installed | BrokenMetadata:
    """Read one `.dist-info` or `.egg-info`."""
    where = _relative(path, folder)
    content = b""
    for file_name in ("METADATA", "PKG-INFO"):
        content = content or read_bounded(f"{path}/{file_name}", MAX_HEAD_BYTES)
    if not content and path.suffix == ".egg-info":
        content = read_bounded(path, MAX_HEAD_BYTES)  # distutils wrote one file, not a folder
    head = parse_head(head_of(content))
    from_name, from_version = _name_and_version(path.name)
    name: str | None = head.name if head.name and _NAME.fullmatch(head.name) else from_name
    version: str | None = head.version or from_version
    if name is None or version is None or not content:
        return BrokenMetadata(folder=shown, metadata_path=where, name=name, reason=_why_broken(path, content, name))
    record = read_bounded(f"{path}/RECORD", _MAX_RECORD_BYTES)
    rows, count = read_record(record.decode("utf-8", "surrogateescape"), headers=headers)
    distribution = Distribution(
        name=name,
        normalized_name=normalized(name),
        version=version,
        folder=shown,
        metadata_path=where,
        installer=_first_line(f"{path}/INSTALLER"),
        direct_origin=parse_direct_origin(read_bounded(f"{path}/direct_url.json", _SMALL_FILE)),
        requires=_requires(path, head),
        requires_python=head.requires_python,
        wheel_tags=parse_wheel_tags(read_bounded(f"{path}/WHEEL", _SMALL_FILE).decode("utf-8", "replace")),
        recorded_files=count if record else None,
        top_level=_top_level(rows) if record else _stated_top_level(path),
    )
    return Installed(distribution, folder, rows if record else None)


def _relative(path: Path, folder: Path) -> str:
    try:
        return str(path.relative_to(folder))
    except ValueError:
        return str(path)


def _name_and_version(entry: str) -> tuple[str | None, str | None]:
    """What the name of a metadata folder says: ``numpy-2.0.2.dist-info``, ``six-1.0-py3.9.egg-info``.

    pip renames what it is about to remove to ``~umpy-…``: that is no name.
    """
    stem = entry.rpartition(".")[0]
    name, _, rest = stem.partition("-")
    version = rest.split("-")[0]
    return (name if _NAME.fullmatch(name) else None), (version or None)


def _why_broken(path: Path, content: bytes, name: str | None) -> str:
    if path.name.startswith("~"):
        return "pip renamed it while it removed the package, and was interrupted"
    if not content:
        return "it has no METADATA that can be read"
    return "its METADATA names no distribution" if name is None else "its METADATA states no version"


def _requires(path: Path, head: MetadataHead) -> tuple[str, ...]:
    if head.requires or path.suffix != ".egg-info" or not (path / "requires.txt").is_file():
        return head.requires
    from importlib.metadata import PathDistribution  # noqa: PLC0415 - eggs have become rare

    try:
        # setuptools keeps an egg's requirements in a format of its own, which importlib.metadata translates.
        return tuple(PathDistribution(path).requires or ())
    except (OSError, ValueError):
        return ()


def _top_level(rows: list[Row]) -> tuple[str, ...]:
    """The import names that the rows begin with. Rows of one package stand together, so most are passed over."""
    heads: set[str] = set()
    current = "\0"
    for row in rows:
        if not row[0].startswith(current):
            head = row[0].partition("/")[0]
            heads.add(head)
            current = f"{head}/"
    names = {head.removesuffix(".py") for head in heads if head not in _NOT_IMPORTED}
    return tuple(sorted(name for name in names if name and "." not in name))


def _stated_top_level(path: Path) -> tuple[str, ...]:
    """The lines of `top_level.txt`, which setuptools writes."""
    text = read_bounded(path / "top_level.txt", _SMALL_FILE).decode("utf-8", "replace")
    return tuple(sorted({line.strip() for line in text.split("\n") if line.strip()}))


def _first_line(path: str) -> str | None:
    line = read_bounded(path, 256).decode("utf-8", "replace").strip().split("\n")[0].strip()
    return line or None


def parse_wheel_tags(text: str) -> tuple[str, ...]:
    """The `Tag` lines of a WHEEL file."""
    return tuple(line[4:].strip() for line in text.splitlines() if line.startswith("Tag:"))


def parse_direct_origin(content: bytes) -> DirectOrigin | None:
    """What a `direct_url.json` (PEP 610) says of where a distribution came from; `None` where it says nothing."""
    if not content:
        return None
    import json  # noqa: PLC0415 - few distributions have this file

    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    folder = document.get("dir_info")
    if isinstance(folder, dict):
        return DirectOrigin.EDITABLE if folder.get("editable") is True else DirectOrigin.DIRECTORY
    if "vcs_info" in document:
        return DirectOrigin.VCS
    return DirectOrigin.ARCHIVE if "archive_info" in document else None


def read_bounded(path: Path | str, limit: int) -> bytes:
    """At most `limit` bytes of a regular file; nothing of anything else, or where it cannot be read."""
    try:
        # O_NONBLOCK: opening a FIFO that stands in the place of a file must not hang us.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return b""
    try:
        status = os.fstat(descriptor)
        return os.read(descriptor, min(limit, status.st_size)) if stat.S_ISREG(status.st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)
