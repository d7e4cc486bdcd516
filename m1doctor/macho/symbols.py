"""The symbol table, for files that have no tables of dyld's: objects, and libraries linked before 2010 or so."""

from __future__ import annotations

import struct
from collections.abc import Callable

from m1doctor.macho.errors import MalformedError, TruncatedError
from m1doctor.macho.exports import Export
from m1doctor.macho.header import Header
from m1doctor.macho.imports import FLAT_LOOKUP, MAIN_EXECUTABLE, MAX_NAME_BYTES, Import
from m1doctor.macho.load_commands import LoadCommands, Range

MAX_TABLE_BYTES = 16 * 1024 * 1024
_DEBUGGING, _KIND, _EXTERNAL, _PRIVATE_EXTERNAL = 0xE0, 0x0E, 0x01, 0x10
_UNDEFINED = 0x0
_WEAK_REFERENCE, _WEAK_DEFINITION = 0x40, 0x80
_TWO_LEVEL = 0x80
_MAIN_ORDINAL, _FLAT_ORDINAL = 0xFF, 0xFE


def exported_symbols(header: Header, commands: LoadCommands, read: Callable[[Range], bytes]) -> dict[bytes, Export]:
    """The defined external symbols. Raises `MachOError` where the tables are broken."""
    found: dict[bytes, Export] = {}
    for name, kind, description, value in _entries(header, commands, read):
        if kind & _EXTERNAL and not kind & _PRIVATE_EXTERNAL and kind & _KIND != _UNDEFINED:
            found[name] = Export(name, 0x04 if description & _WEAK_DEFINITION else 0, value)
    return found


def undefined_symbols(header: Header, commands: LoadCommands, read: Callable[[Range], bytes]) -> list[Import]:
    """The symbols that must come from elsewhere. Raises `MachOError` where the tables are broken."""
    found: dict[Import, None] = {}
    for name, kind, description, value in _entries(header, commands, read):
        if kind & _EXTERNAL and kind & _KIND == _UNDEFINED and value == 0:
            ordinal = description >> 8 & 0xFF
            if ordinal == _FLAT_ORDINAL or not header.flags & _TWO_LEVEL:
                ordinal = FLAT_LOOKUP
            elif ordinal == _MAIN_ORDINAL:
                ordinal = MAIN_EXECUTABLE
            found[Import(name, ordinal, bool(description & _WEAK_REFERENCE))] = None
    return list(found)


def _entries(
    header: Header, commands: LoadCommands, read: Callable[[Range], bytes]
) -> list[tuple[bytes, int, int, int]]:
    """(name, type, description, value) of every symbol that is not for debuggers."""
    if commands.symbols is None or commands.strings is None:
        return []
    if commands.symbols.size > MAX_TABLE_BYTES or commands.strings.size > MAX_TABLE_BYTES:
        raise MalformedError("a symbol table of more than 16 MB")
    table, strings = read(commands.symbols), read(commands.strings)
    layout = struct.Struct(header.order + ("IBBHQ" if header.bits == 64 else "IBBHI"))  # noqa: PLR2004 - nlist_64, nlist
    entries: list[tuple[bytes, int, int, int]] = []
    total = 0
    for at, kind, _, description, value in layout.iter_unpack(table[: len(table) // layout.size * layout.size]):
        if kind & _DEBUGGING or not kind & _EXTERNAL:
            continue
        stop = strings.find(b"\0", at, at + MAX_NAME_BYTES)
        if stop < 0:
            raise TruncatedError("the name of a symbol runs over the end of the strings")
        total += stop - at
        if total > MAX_TABLE_BYTES:
            raise MalformedError("the names of the symbols overlap into more bytes than any real file has")
        entries.append((strings[at:stop], kind, description, value))
    return entries
