"""The load commands of one slice: what it is called, what it asks for, where its tables lie.

Read in one pass over one piece of memory. Every offset and size that the commands name is compared with the slice
before it is handed on, so that the readers of the tables start from ranges that exist.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from m1doctor.macho.errors import MalformedError, TruncatedError
from m1doctor.macho.header import Header

MAX_COMMANDS = 4096
"""The largest library met (TensorFlow's) has under 100."""
MAX_COMMAND_BYTES = 4 * 1024 * 1024

_PLATFORM_MACOS = 1
_COMMAND_HEADER = 8
"""Bytes of `cmd` and `cmdsize`, with which every load command begins."""


class Dependency(NamedTuple):
    """A library that the slice asks for, by the name it was linked with; its ordinal is its place in the list, from 1.

    A named tuple, as hundreds of them are made when packages are examined.
    """

    install_name: str
    weak: bool = False
    """It may be missing."""
    reexport: bool = False
    """Its exports count as the asking library's own."""
    lazy: bool = False
    """It is loaded when it is first used."""


class Range(NamedTuple):
    """A piece of the slice: bytes from its begin, and a length. It lies inside the slice."""

    offset: int
    size: int


@dataclass(slots=True, eq=False)
class LoadCommands:
    """What the load commands of one slice say. Filled once by `read_load_commands`."""

    install_name: str | None = None
    dependencies: list[Dependency] = field(default_factory=list)
    rpaths: list[str] = field(default_factory=list)
    uuid: bytes | None = None
    minimum_macos: str | None = None
    sdk: str | None = None
    """Version of the macOS SDK that it was linked with; the system treats old ones with old manners."""
    platforms: list[int] = field(default_factory=list)
    """`PLATFORM_*` of each LC_BUILD_VERSION: 1 is macOS, 2 iOS, 6 Mac Catalyst."""
    has_dyld_info: bool = False
    """Whether there is an LC_DYLD_INFO, whatever its tables hold."""
    bind: Range | None = None
    lazy_bind: Range | None = None
    export_trie: Range | None = None
    chained_fixups: Range | None = None
    symbols: Range | None = None
    """The table of `nlist` entries."""
    strings: Range | None = None
    undefined_symbols: tuple[int, int] | None = None
    """First index and count of the undefined symbols in `symbols`."""


def read_load_commands(header: Header, commands: bytes, slice_size: int) -> LoadCommands:
    """Read the `commands` that follow a header.

    Raises `TruncatedError` where they, or what they point to, lead past the end of the slice, and `MalformedError`
    where they contradict themselves.
    """
    size = header.command_bytes
    if header.command_count > MAX_COMMANDS or size > MAX_COMMAND_BYTES:
        raise MalformedError(f"{header.command_count} load commands in {size} bytes")
    if len(commands) < size:
        raise TruncatedError("the file ends inside its load commands")
    reader = _Reader(header, commands, slice_size)
    head = reader.two
    position = 0
    for _ in range(header.command_count):
        if position + _COMMAND_HEADER > size:
            raise MalformedError("more load commands than bytes for them")
        command, length = head(commands, position)
        if length < _COMMAND_HEADER or position + length > size:
            raise MalformedError(f"a load command of {length} bytes at byte {position} of {size}")
        rule = _RULES.get(command)
        if rule is not None:
            least, read = rule
            if length < least:
                raise MalformedError(f"load command {command:#x} is only {length} bytes long")
            read(reader, position, length)
        position += length
    return reader.found


class _Reader:
    """One pass over the load commands. Each method reads one kind of command that begins at `position`."""

    def __init__(self, header: Header, commands: bytes, limit: int) -> None:
        self.found = LoadCommands()
        self.one, self.two, self.four, self.two_long = _UNPACKERS[header.order]
        self._commands = commands
        self._limit = limit
        self._symbol_bytes = 16 if header.bits == 64 else 12  # noqa: PLR2004 - sizes of nlist_64 and nlist

    def segment(self, position: int, length: int) -> None:
        del length
        self._inside("a segment", *self.two(self._commands, position + 32))

    def segment_64(self, position: int, length: int) -> None:
        del length
        offset, size = self.two_long(self._commands, position + 40)
        if offset + size > self._limit:
            self._inside("a segment", offset, size)

    def load_plain(self, position: int, length: int) -> None:
        self.found.dependencies.append(Dependency(self._name(position, length)))

    def load_weak(self, position: int, length: int) -> None:
        self.found.dependencies.append(
            self._with_flags(position, length) or Dependency(self._name(position, length), weak=True)
        )

    def load_reexport(self, position: int, length: int) -> None:
        self.found.dependencies.append(Dependency(self._name(position, length), reexport=True))

    def load_lazy(self, position: int, length: int) -> None:
        self.found.dependencies.append(Dependency(self._name(position, length), lazy=True))

    def own_name(self, position: int, length: int) -> None:
        self.found.install_name = self._name(position, length)

    def rpath(self, position: int, length: int) -> None:
        self.found.rpaths.append(self._name(position, length))

    def uuid(self, position: int, length: int) -> None:
        del length
        self.found.uuid = self._commands[position + 8 : position + 24]

    def build_version(self, position: int, length: int) -> None:
        del length
        platform, minimum, sdk, _ = self.four(self._commands, position + 8)
        self.found.platforms.append(platform)
        if platform == _PLATFORM_MACOS:
            self.found.minimum_macos = _version(minimum)
            self.found.sdk = _version(sdk) if sdk else None

    def minimum_macos(self, position: int, length: int) -> None:
        del length
        minimum, sdk = self.two(self._commands, position + 8)
        self.found.minimum_macos = _version(minimum)
        self.found.sdk = _version(sdk) if sdk else None

    def symbol_table(self, position: int, length: int) -> None:
        del length
        symbols, count, strings, string_bytes = self.four(self._commands, position + 8)
        self.found.symbols = self._inside("its symbol table", symbols, count * self._symbol_bytes)
        self.found.strings = self._inside("its string table", strings, string_bytes)

    def dynamic_symbols(self, position: int, length: int) -> None:
        del length
        _, _, first_undefined, undefined = self.four(self._commands, position + 16)
        self.found.undefined_symbols = (first_undefined, undefined)

    def dyld_info(self, position: int, length: int) -> None:
        del length
        self.found.has_dyld_info = True
        self.found.bind = self._inside("its bind opcodes", *self.two(self._commands, position + 16))
        self.found.lazy_bind = self._inside("its lazy bind opcodes", *self.two(self._commands, position + 32))
        self.found.export_trie = self._inside("its export trie", *self.two(self._commands, position + 40))

    def export_trie(self, position: int, length: int) -> None:
        del length
        self.found.export_trie = self._inside("its export trie", *self.two(self._commands, position + 8))

    def chained_fixups(self, position: int, length: int) -> None:
        del length
        self.found.chained_fixups = self._inside("its chained fixups", *self.two(self._commands, position + 8))

    def _inside(self, what: str, offset: int, size: int) -> Range | None:
        """The range, `None` for an empty one; raises where it leads past the end of the slice."""
        if size == 0:
            return None
        if offset + size > self._limit:
            raise TruncatedError(f"{what} ends at byte {offset + size}, the file at {self._limit}")
        return Range(offset, size)

    def _name(self, position: int, length: int) -> str:
        """The string that the third number of a command points to, up to its NUL or the end of the command."""
        at = self.one(self._commands, position + 8)[0]
        if not _COMMAND_HEADER < at < length:
            raise MalformedError(f"a name at byte {at} of a load command of {length}")
        return self._commands[position + at : position + length].partition(b"\0")[0].decode("utf-8", "replace")

    def _with_flags(self, position: int, length: int) -> Dependency | None:
        """A weak command may be the newer form that carries flags of its own: the marker stands in its timestamp."""
        if length <= _DYLIB_USE_SIZE:
            return None
        at, marker = self.two(self._commands, position + 8)
        if at != _DYLIB_USE_SIZE or marker != _DYLIB_USE_MARKER:
            return None
        flags = self.one(self._commands, position + 24)[0]
        return Dependency(
            self._name(position, length),
            weak=bool(flags & 1),
            reexport=bool(flags & 2),
            lazy=bool(flags & 8),
        )


_DYLIB_USE_MARKER = 0x1A741800
_DYLIB_USE_SIZE = 28
_UNPACKERS = {
    order: tuple(struct.Struct(order + form).unpack_from for form in ("I", "2I", "4I", "2Q")) for order in "<>"
}
_RULES: dict[int, tuple[int, Callable[[_Reader, int, int], None]]] = {
    0x1: (56, _Reader.segment),
    0x2: (24, _Reader.symbol_table),
    0xB: (80, _Reader.dynamic_symbols),
    0xC: (24, _Reader.load_plain),
    0xD: (24, _Reader.own_name),
    0x19: (72, _Reader.segment_64),
    0x1B: (24, _Reader.uuid),
    0x20: (24, _Reader.load_lazy),
    0x22: (48, _Reader.dyld_info),
    0x24: (16, _Reader.minimum_macos),
    0x32: (24, _Reader.build_version),
    0x80000018: (24, _Reader.load_weak),
    0x8000001C: (12, _Reader.rpath),
    0x8000001F: (24, _Reader.load_reexport),
    0x80000022: (48, _Reader.dyld_info),
    0x80000023: (24, _Reader.load_plain),  # upward: the order of initializers differs, and nothing that is bound
    0x80000033: (16, _Reader.export_trie),
    0x80000034: (16, _Reader.chained_fixups),
}
"""Least size of each command that is read, and its reader. Numbers are the `LC_*` of `mach-o/loader.h`."""


def _version(packed: int) -> str:
    """``"12.1"``, or ``"12.1.3"`` where the third part is not zero."""
    major, minor, patch = packed >> 16, packed >> 8 & 0xFF, packed & 0xFF
    return f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}"
