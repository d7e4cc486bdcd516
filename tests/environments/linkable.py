"""Mach-O files with everything that a dynamic linker reads: export tries, bind opcodes, chained fixups, symbol tables.

`Library` says what is in the file, `build` makes the bytes. `environments.mach_o` makes plainer ones.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CPU = {"arm64": (0x0100000C, 0), "arm64e": (0x0100000C, 0x80000002), "x86_64": (0x01000007, 3), "i386": (7, 3)}
LOADING = {"plain": 0xC, "weak": 0x80000018, "reexport": 0x8000001F, "upward": 0x80000023, "lazy": 0x20}
TWO_LEVEL = 0x80
LIBRARY, BUNDLE = 6, 8


@dataclass(frozen=True)
class Moved:
    """An export that the trie re-exports from another library."""

    ordinal: int
    name: str = ""


@dataclass(frozen=True)
class Wanted:
    """A symbol to bind."""

    name: str
    ordinal: int
    weak: bool = False
    lazy: bool = False


@dataclass(frozen=True, kw_only=True)
class Library:
    """What is in the file."""

    install_name: str | None = None
    needs: Sequence[str | tuple[str, str]] = ()
    """Install names, or pairs of one and a key of `LOADING`."""
    rpaths: Sequence[str] = ()
    exports: Sequence[str] | Mapping[str, int | Moved] = ()
    wants: Sequence[Wanted] = ()
    tables: str = "opcodes"
    """``"opcodes"``, ``"chained1"``, ``"chained2"``, ``"chained3"`` or ``"symbols"``."""
    architecture: str = "arm64"
    minimum_macos: tuple[int, int] | None = (12, 0)
    uuid: bytes = bytes(range(16))
    order: str = "<"
    bits: int = 64
    file_type: int = LIBRARY
    flags: int = TWO_LEVEL
    blank_edges: bool = False
    """Put the end of a name that begins a longer one behind an edge without a label, as some linkers do."""
    names_form: int = 0
    """1: the names of the chained fixups are compressed."""
    more_commands: Sequence[bytes] = field(default=())


def write(path: Path, library: Library) -> Path:
    """Put the file at `path`, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build(library))
    return path


def build(library: Library) -> bytes:
    """The bytes of a thin file."""
    commands, tables = _commands(library, 0), b""
    start = _header_size(library) + sum(map(len, commands))
    laid = _commands(library, start)
    assert [len(each) for each in laid] == [len(each) for each in commands]
    tables = b"".join(_tables(library))
    cpu, subtype = CPU[library.architecture]
    body = b"".join(laid)
    magic = 0xFEEDFACF if library.bits == 64 else 0xFEEDFACE
    head = struct.pack(
        f"{library.order}7I", magic, cpu, subtype, library.file_type, len(laid), len(body), library.flags
    )
    return head + bytes(_header_size(library) - 28) + body + tables


def fat(*slices: bytes, wide: bool = False, alignment: int = 64) -> bytes:
    """A universal file; `wide` uses the table with 64-bit offsets."""
    entry = 32 if wide else 20
    offset = _up(8 + entry * len(slices), alignment)
    table = struct.pack(">2I", 0xCAFEBABF if wide else 0xCAFEBABE, len(slices))
    content = b""
    for each in slices:
        order = "<" if each[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe") else ">"
        cpu, subtype = struct.unpack_from(f"{order}2I", each, 4)
        at = offset + len(content)
        layout = ">2I2Q2I" if wide else ">5I"
        table += struct.pack(layout, cpu, subtype, at, len(each), 6, *([0] if wide else []))
        content += each.ljust(_up(len(each), alignment), b"\0")
    return table.ljust(offset, b"\0") + content


def _header_size(library: Library) -> int:
    return 32 if library.bits == 64 else 28


def _up(size: int, step: int) -> int:
    return (size + step - 1) // step * step


def _tables(library: Library) -> list[bytes]:
    """Every table in the order in which the commands lay them out."""
    if library.tables == "symbols":
        return list(_symbol_tables(library))
    exported = trie(_exports(library), blank_edges=library.blank_edges)
    if library.tables == "opcodes":
        return [_opcodes(library, lazy=False), _opcodes(library, lazy=True), exported]
    return [_chained(library), exported]


def _exports(library: Library) -> dict[str, int | Moved]:
    if isinstance(library.exports, Mapping):
        return dict(library.exports)
    return {name: 0x4000 + 16 * index for index, name in enumerate(library.exports)}


def _commands(library: Library, start: int) -> list[bytes]:
    order = library.order
    commands = []
    if library.bits == 64:
        segment = struct.pack(f"{order}2I16s4Q4I", 0x19, 72, b"__TEXT", 0, 0x4000, 0, start, 5, 5, 0, 0)
        commands.append(segment)
    if library.install_name is not None:
        commands.append(_string_command(order, 0xD, library.install_name, 24))
    sizes = [len(table) for table in _tables(library)]
    places = [(start + sum(sizes[:index]), size) for index, size in enumerate(sizes)]
    if library.tables == "symbols":
        (symbols, symbol_bytes), (strings, string_bytes) = places
        entry = 16 if library.bits == 64 else 12
        commands.append(struct.pack(f"{order}6I", 2, 24, symbols, symbol_bytes // entry, strings, string_bytes))
    elif library.tables == "opcodes":
        bind, lazy, exported = places
        commands.append(struct.pack(f"{order}12I", 0x80000022, 48, 0, 0, *bind, 0, 0, *lazy, *exported))
    else:
        chained, exported = places
        commands.append(struct.pack(f"{order}4I", 0x80000034, 16, *chained))
        commands.append(struct.pack(f"{order}4I", 0x80000033, 16, *exported))
    commands.append(struct.pack(f"{order}2I", 0x1B, 24) + library.uuid)
    if library.minimum_macos is not None:
        packed = library.minimum_macos[0] << 16 | library.minimum_macos[1] << 8
        commands.append(struct.pack(f"{order}6I", 0x32, 24, 1, packed, packed, 0))
    for need in library.needs:
        name, loading = (need, "plain") if isinstance(need, str) else need
        commands.append(_string_command(order, LOADING[loading], name, 24))
    commands += [_string_command(order, 0x8000001C, path, 12) for path in library.rpaths]
    return [*commands, *library.more_commands]


def _string_command(order: str, command: int, text: str, at: int) -> bytes:
    encoded = text.encode() + b"\0"
    size = _up(at + len(encoded), 8)
    return (struct.pack(f"{order}3I", command, size, at) + bytes(at - 12) + encoded).ljust(size, b"\0")


def uleb(value: int) -> bytes:
    """A number as the tables hold it."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _opcodes(library: Library, *, lazy: bool) -> bytes:
    out = bytearray()
    for want in library.wants:
        if want.lazy is not lazy:
            continue
        if want.ordinal <= 0:
            out.append(0x30 | want.ordinal & 0x0F)
        elif want.ordinal < 16:
            out.append(0x10 | want.ordinal)
        else:
            out += b"\x20" + uleb(want.ordinal)
        out += bytes([0x40 | want.weak]) + want.name.encode() + b"\0"
        out += b"\x51\x72" + uleb(0x80) + b"\x90"  # pointer, segment 2, bind once
        if lazy:
            out.append(0x00)
    if out and not lazy:
        out.append(0x00)
    return bytes(out)


def _chained(library: Library) -> bytes:
    order = library.order
    form = int(library.tables.removeprefix("chained"))
    names, offsets = b"\0", []
    for want in library.wants:
        offsets.append(len(names))
        names += want.name.encode() + b"\0"
    entries = b""
    for want, offset in zip(library.wants, offsets, strict=True):
        if form == 3:
            entries += struct.pack(f"{order}2Q", want.ordinal & 0xFFFF | want.weak << 16 | offset << 32, 0)
        else:
            entries += struct.pack(f"{order}I", want.ordinal & 0xFF | want.weak << 8 | offset << 9)
            entries += struct.pack(f"{order}i", -8) if form == 2 else b""
    starts, imports = 28, 32
    head = struct.pack(
        f"{order}7I", 0, starts, imports, imports + len(entries), len(library.wants), form, library.names_form
    )
    return head + bytes(4) + entries + names


def _symbol_tables(library: Library) -> tuple[bytes, bytes]:
    layout = library.order + ("IBBHQ" if library.bits == 64 else "IBBHI")
    strings, symbols = b"\0", b""
    for name, value in _exports(library).items():
        assert isinstance(value, int)
        symbols += struct.pack(layout, len(strings), 0x0F, 1, 0, value)
        strings += name.encode() + b"\0"
    for want in library.wants:
        ordinal = {-1: 0xFF, -2: 0xFE}.get(want.ordinal, want.ordinal)
        symbols += struct.pack(layout, len(strings), 0x01, 0, ordinal << 8 | (0x40 if want.weak else 0), 0)
        strings += name_bytes(want)
    return symbols, strings


def name_bytes(want: Wanted) -> bytes:
    """The name with its NUL."""
    return want.name.encode() + b"\0"


def trie(exports: Mapping[str, int | Moved], *, blank_edges: bool = False) -> bytes:
    """An export trie; nodes lie in the order in which they are met."""
    if not exports:
        return b""
    root = _grow({name.encode(): value for name, value in exports.items()}, blank_edges=blank_edges)
    nodes: list[_Node] = []
    pending = [root]
    while pending:
        node = pending.pop(0)
        nodes.append(node)
        pending += node.children.values()
    while True:  # offsets are of variable length: repeat until they stand still
        at, moved = 0, False
        for node in nodes:
            moved = moved or node.offset != at
            node.offset = at
            at += len(node.encode())
        if not moved:
            return b"".join(node.encode() for node in nodes)


class _Node:
    def __init__(self, terminal: bytes, children: dict[bytes, _Node]) -> None:
        self.terminal = terminal
        self.children = children
        self.offset = -1

    def encode(self) -> bytes:
        out = uleb(len(self.terminal)) + self.terminal + bytes([len(self.children)])
        for label, child in self.children.items():
            out += label + b"\0" + uleb(max(child.offset, 0))
        return out


def _grow(exports: dict[bytes, int | Moved], *, blank_edges: bool) -> _Node:
    children: dict[bytes, _Node] = {}
    terminal = _terminal(exports[b""]) if b"" in exports else b""
    for first in sorted({name[:1] for name in exports if name}):
        group = [name for name in exports if name[:1] == first]
        label = _shared(group)
        rest = {name[len(label) :]: exports[name] for name in group}
        children[label] = _grow(rest, blank_edges=blank_edges)
    if blank_edges and terminal and children:
        # Last, as in TensorFlow 2.9 to 2.15: dyld follows the first edge that fits, and this one fits all.
        children[b""] = _Node(terminal, {})
        terminal = b""
    return _Node(terminal, children)


def _shared(names: list[bytes]) -> bytes:
    low, high = min(names), max(names)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[:length]


def _terminal(value: int | Moved) -> bytes:
    if isinstance(value, Moved):
        return uleb(0x08) + uleb(value.ordinal) + value.name.encode() + b"\0"
    return uleb(0) + uleb(value)
