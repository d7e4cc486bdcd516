"""One slice of a Mach-O file, mapped and not read: only the pages that a question touches come into memory."""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import Self

from m1doctor.macho.errors import MachOError, MalformedError, NotMachOError, TruncatedError
from m1doctor.macho.exports import Export, ExportTrie
from m1doctor.macho.header import Header, Slice, read_header, read_slices, serving_slice
from m1doctor.macho.imports import Import, read_imports
from m1doctor.macho.load_commands import MAX_COMMAND_BYTES, LoadCommands, Range, read_load_commands
from m1doctor.macho.symbols import exported_symbols, undefined_symbols


class NoSuchSliceError(MachOError):
    """The file is sound and has no slice for the wanted process."""

    def __init__(self, architectures: tuple[str, ...], wanted: str) -> None:
        """Keep what the file has, in its order, and what the process needs."""
        super().__init__(f"it has {', '.join(architectures)}, not {wanted}")
        self.architectures = architectures
        self.wanted = wanted


class Image:
    """One slice of a mapped file. Close it, or use it as a context manager."""

    def __init__(self, path: Path, architecture: str = "arm64") -> None:
        """Map `path` and read the header and load commands of the slice that serves a process of `architecture`.

        Raises `OSError` where the file cannot be opened, `NoSuchSliceError` where no slice serves, and another
        `MachOError` for whatever is wrong with the file.
        """
        self.path = path
        self._map = _map(path)
        try:
            self._slices = read_slices(self._read, len(self._map))
            self._slice = self._choose(architecture)
            self.header, self.commands = self._read_head()
        except BaseException:
            self.close()
            raise
        self._trie: ExportTrie | None = None
        self._symbols: dict[bytes, Export] | None = None

    def _choose(self, architecture: str) -> Slice:
        chosen = serving_slice(self._slices, architecture)
        if chosen is None:
            raise NoSuchSliceError(self.architectures, architecture)
        return chosen

    def _read(self, offset: int, length: int) -> bytes:
        return self._map[offset : offset + length]

    def _read_head(self) -> tuple[Header, LoadCommands]:
        begin, size = self._slice.offset, self._slice.size
        header = read_header(self._map[begin : begin + min(32, size)])
        length = min(header.command_bytes, MAX_COMMAND_BYTES, max(0, size - header.size))
        first = begin + header.size
        return header, read_load_commands(header, self._map[first : first + length], size)

    @property
    def architectures(self) -> tuple[str, ...]:
        """Architectures of the file, in its order."""
        return tuple(each.architecture for each in self._slices)

    @property
    def slice(self) -> Slice:
        """The slice that this image reads."""
        return self._slice

    def find_exports(self, names: Iterable[bytes]) -> dict[bytes, Export]:
        """Those of `names` that the image itself exports, by the export trie or, where there is none, by its symbols.

        Names carry their leading underscore. Raises `MachOError` where the table is broken.
        """
        if self.commands.export_trie is not None:
            return self.trie().find(names)
        if self._has_dyld_tables:
            return {}
        if self._symbols is None:
            self._symbols = exported_symbols(self.header, self.commands, self._bytes)
        return {name: self._symbols[name] for name in set(names) if name in self._symbols}

    def exports(self) -> Iterator[Export]:
        """Every export, in no useful order. Raises `MachOError` on the way where the table is broken."""
        if self.commands.export_trie is not None:
            yield from self.trie().walk()
        elif not self._has_dyld_tables:
            yield from exported_symbols(self.header, self.commands, self._bytes).values()

    def imports(self) -> list[Import]:
        """Every symbol that must be bound when the image is loaded, once each, in the order in which dyld binds them.

        Raises `MachOError` where the tables are broken.
        """
        if self._has_dyld_tables:
            return read_imports(self.header, self.commands, self._bytes)
        return undefined_symbols(self.header, self.commands, self._bytes)

    def trie(self) -> ExportTrie:
        """The export trie, read in place. Raises `MalformedError` where the image has none."""
        place = self.commands.export_trie
        if place is None:
            raise MalformedError("it has no export trie")
        if self._trie is None:
            begin = self._slice.offset + place.offset
            self._trie = ExportTrie(self._map, begin, begin + place.size)
        return self._trie

    def _bytes(self, place: Range) -> bytes:
        """Copy one small table out of the map; `place` was compared with the slice when the commands were read."""
        begin = self._slice.offset + place.offset
        return self._map[begin : begin + place.size]

    @property
    def _has_dyld_tables(self) -> bool:
        """Whether it was linked for dyld's own tables; else (objects, very old files) only the symbol table speaks."""
        found = self.commands
        return found.has_dyld_info or found.export_trie is not None or found.chained_fixups is not None

    def close(self) -> None:
        """Give the map back."""
        with contextlib.suppress(BufferError):
            self._map.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _map(path: Path) -> mmap.mmap:
    """Map a whole file for reading.

    Raises `OSError` where it cannot be opened, `NotMachOError` for a folder or device, `TruncatedError` for an empty
    file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise NotMachOError("not a regular file")
        if status.st_size == 0:
            raise TruncatedError("the file is empty")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)
