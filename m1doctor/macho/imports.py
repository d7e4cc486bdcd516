"""What an image asks for: bind opcodes and chained fixups, each symbol once.

Only the names are collected, not the places that they are bound into; the length of a table therefore bounds the work.
Numbers are those of Apple's `mach-o/loader.h` and `mach-o/fixup-chains.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from m1doctor.macho.errors import MalformedError, TruncatedError, UnsupportedError
from m1doctor.macho.header import Header
from m1doctor.macho.leb128 import read_uleb
from m1doctor.macho.load_commands import LoadCommands, Range

SELF, MAIN_EXECUTABLE, FLAT_LOOKUP, WEAK_LOOKUP = 0, -1, -2, -3
"""Ordinals that name no library: the image itself, the program, any loaded image, any weak definition."""
MAX_TABLE_BYTES = 16 * 1024 * 1024
"""Largest opcode stream that is read; that of the Metal plugin has 21 kB."""
MAX_IMPORTS = 500_000
MAX_NAME_BYTES = 1024 * 1024
_WEAK_IMPORT_FLAG = 0x1

ReadTable = Callable[[Range], bytes]


class Import(NamedTuple):
    """One symbol that must be bound."""

    name: bytes
    """With its leading underscore."""
    ordinal: int
    """The library that must export it, from 1; or one of the special ordinals."""
    weak: bool = False
    """It may be missing: the symbol is then null."""


def read_imports(header: Header, commands: LoadCommands, read: ReadTable) -> list[Import]:
    """Every import in the order of binding: chained fixups, or the bind and then the lazy bind opcodes.

    The weak bind opcodes are left out: they only offer a symbol for coalescing, and what is not found elsewhere keeps
    the image's own definition. Raises `MachOError` where a table is broken.
    """
    if commands.chained_fixups is not None:
        return chained_imports(header, read(_small(commands.chained_fixups)))
    found: dict[Import, None] = {}
    for place in (commands.bind, commands.lazy_bind):
        if place is not None:
            found.update(dict.fromkeys(opcode_imports(read(_small(place)), lazy=place is commands.lazy_bind)))
    return list(found)


def _small(place: Range) -> Range:
    if place.size > MAX_TABLE_BYTES:
        raise MalformedError(f"a bind table of {place.size} bytes")
    return place


def opcode_imports(table: bytes, *, lazy: bool) -> list[Import]:  # noqa: C901, PLR0912 - the interpreter of a byte code is one flat dispatch
    """Symbols of one stream of bind opcodes, once each, in the order of the first binding.

    A lazy stream has a DONE after every symbol; in others it ends the stream. Raises `TruncatedError` or
    `MalformedError`.
    """
    found: dict[Import, None] = {}
    end = len(table)
    position = ordinal = flags = 0
    name = b""
    fresh = True  # whether anything changed since the last binding: most streams bind one symbol many times
    while position < end:
        byte = table[position]
        position += 1
        opcode = byte & 0xF0
        if opcode in _BINDS:
            for _ in range(_BINDS[opcode]):
                position = _skip(table, position, end)
            if fresh:
                found[Import(name, ordinal, bool(flags & _WEAK_IMPORT_FLAG))] = None
                if len(found) > MAX_IMPORTS:
                    raise MalformedError(f"more than {MAX_IMPORTS} bound symbols")
                fresh = False
        elif opcode in _SKIPS:
            for _ in range(_SKIPS[opcode]):
                position = _skip(table, position, end)
        elif opcode == _SET_SYMBOL:
            stop = table.find(b"\0", position)
            if stop < 0:
                raise TruncatedError("a bound name runs over the end of its table")
            name, flags, fresh = table[position:stop], byte & 0x0F, True
            position = stop + 1
        elif opcode == _SET_ORDINAL:
            ordinal, fresh = byte & 0x0F, True
        elif opcode == _SET_ORDINAL_ULEB:
            ordinal, position = read_uleb(table, position, end)
            fresh = True
        elif opcode == _SET_SPECIAL:
            immediate = byte & 0x0F
            ordinal, fresh = (immediate - 16 if immediate else 0), True
        elif opcode == _DONE:
            if not lazy:
                break
        elif opcode == _THREADED:
            if byte & 0x0F == 0:
                position = _skip(table, position, end)
        else:
            raise MalformedError(f"bind opcode {byte:#04x} is unknown")
    return list(found)


_DONE, _SET_ORDINAL, _SET_ORDINAL_ULEB, _SET_SPECIAL, _SET_SYMBOL, _THREADED = 0x00, 0x10, 0x20, 0x30, 0x40, 0xD0
_BINDS = {0x90: 0, 0xA0: 1, 0xB0: 0, 0xC0: 2}
"""Opcodes that bind, and how many numbers follow each: plain, add address, add scaled, many times skipping."""
_SKIPS = {0x50: 0, 0x60: 1, 0x70: 1, 0x80: 1}
"""Opcodes that only say where to bind, and how many numbers follow: type, addend, segment and offset, add address."""


def _skip(table: bytes, position: int, end: int) -> int:
    """The position after a number of any size or sign."""
    while position < end:
        if table[position] < 0x80:  # noqa: PLR2004 - the upper bit says that more follows
            return position + 1
        position += 1
    raise TruncatedError("a number runs over the end of its table")


def chained_imports(header: Header, blob: bytes) -> list[Import]:
    """Symbols of LC_DYLD_CHAINED_FIXUPS in the order of its table, once each.

    Raises `TruncatedError`, `MalformedError`, and `UnsupportedError` for compressed names and unknown formats.
    """
    if len(blob) < _CHAINED_HEADER_BYTES:
        raise TruncatedError("the chained fixups end inside their header")
    version, _, at, names_at, count, form, names_form = struct.unpack_from(f"{header.order}7I", blob)
    if version != 0:
        raise UnsupportedError(f"chained fixups of version {version}")
    if names_form != 0:
        raise UnsupportedError("the names of the chained fixups are compressed")
    if form not in _CHAINED_FORMATS:
        raise UnsupportedError(f"chained imports of format {form}")
    layout, wide = _CHAINED_FORMATS[form]
    entry = struct.Struct(header.order + layout)
    if at + count * entry.size > len(blob):
        raise TruncatedError(f"{count} chained imports run over the end of their table")
    if count > MAX_IMPORTS:
        raise MalformedError(f"{count} chained imports")
    found: dict[Import, None] = {}
    total = 0
    for index in range(count):
        bits = entry.unpack_from(blob, at + index * entry.size)[0]
        ordinal, weak, offset = _wide_entry(bits) if wide else _narrow_entry(bits)
        begin = names_at + offset
        stop = blob.find(b"\0", begin, begin + MAX_NAME_BYTES)
        if stop < 0:
            raise TruncatedError("the name of a chained import runs over the end")
        total += stop - begin
        if total > MAX_TABLE_BYTES:
            raise MalformedError("the names of the chained imports overlap into more bytes than any real file has")
        found[Import(blob[begin:stop], ordinal, weak)] = None
    return list(found)


def _narrow_entry(bits: int) -> tuple[int, bool, int]:
    """Ordinal (8 bits, the special ones negative), weak import, offset of the name (23 bits)."""
    ordinal = bits & 0xFF
    return ordinal - 0x100 if ordinal > 0xF0 else ordinal, bool(bits >> 8 & 1), bits >> 9  # noqa: PLR2004 - as stated


def _wide_entry(bits: int) -> tuple[int, bool, int]:
    """Ordinal (16 bits, the special ones negative), weak import, offset of the name (32 bits)."""
    ordinal = bits & 0xFFFF
    return ordinal - 0x10000 if ordinal > 0xFFF0 else ordinal, bool(bits >> 16 & 1), bits >> 32  # noqa: PLR2004 - as stated


_CHAINED_HEADER_BYTES = 28
_CHAINED_FORMATS = {1: ("I", False), 2: ("Ii", False), 3: ("QQ", True)}
"""Import, import with addend, import with 64-bit addend: the layout of an entry, and whether its fields are wide."""
