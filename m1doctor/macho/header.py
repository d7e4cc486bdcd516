"""The first bytes of a Mach-O file: thin or fat, which architectures, where each slice lies.

Nothing here reads more than a few bytes, and no number from the file is believed before it is compared with the size of
the file. Constants are those of Apple's `mach-o/loader.h`, `mach-o/fat.h` and `mach/machine.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from m1doctor.macho.errors import MalformedError, NotMachOError, TruncatedError

ReadAt = Callable[[int, int], bytes]
"""Reads up to `length` bytes at `offset`: ``read(offset, length)``. Fewer bytes mean the end of the file."""

MAX_SLICES = 32
"""More than this and the file is no fat Mach-O: Java class files share the magic and hold their version (45 and up)
where the number of slices would be."""

_THIN = {
    b"\xcf\xfa\xed\xfe": ("<", 64),
    b"\xce\xfa\xed\xfe": ("<", 32),
    b"\xfe\xed\xfa\xcf": (">", 64),
    b"\xfe\xed\xfa\xce": (">", 32),
}
_FAT = {
    b"\xca\xfe\xba\xbe": (struct.Struct(">5I"), ">I"),
    b"\xca\xfe\xba\xbf": (struct.Struct(">2I2Q2I"), ">I"),
    b"\xbe\xba\xfe\xca": (struct.Struct("<5I"), "<I"),
    b"\xbf\xba\xfe\xca": (struct.Struct("<2I2Q2I"), "<I"),
}
_SUBTYPE_MASK = 0x00FFFFFF
"""The upper byte of a subtype holds capability bits (pointer authentication versions, 64-bit libraries)."""
_CPU_NAMES = {
    (0x0100000C, 0): "arm64",
    (0x0100000C, 1): "arm64",
    (0x0100000C, 2): "arm64e",
    (0x0200000C, 0): "arm64_32",
    (0x0200000C, 1): "arm64_32",
    (0x01000007, 3): "x86_64",
    (0x01000007, 4): "x86_64",
    (0x01000007, 8): "x86_64h",
    (0x00000007, 3): "i386",
    (0x0000000C, 9): "armv7",
    (0x0000000C, 11): "armv7s",
    (0x00000012, 0): "ppc",
    (0x01000012, 0): "ppc64",
}
_CPU_FAMILIES = {
    0x0100000C: "arm64",
    0x0200000C: "arm64_32",
    0x01000007: "x86_64",
    0x00000007: "i386",
    0x0000000C: "arm",
    0x00000012: "ppc",
    0x01000012: "ppc64",
}
_HEADERS = {"<": struct.Struct("<7I"), ">": struct.Struct(">7I")}


def architecture_name(cpu: int, subtype: int) -> str:
    """The name that `lipo -archs` prints; ``"cpu N.M"`` for one that is not known here."""
    subtype &= _SUBTYPE_MASK
    return _CPU_NAMES.get((cpu, subtype)) or _CPU_FAMILIES.get(cpu) or f"cpu {cpu}.{subtype}"


class Slice(NamedTuple):
    """One architecture of a file. A thin file is one slice that begins at 0.

    A named tuple, as hundreds are made when packages are examined.
    """

    architecture: str
    offset: int
    """Bytes from the begin of the file."""
    size: int


class Header(NamedTuple):
    """The header of one slice."""

    architecture: str
    order: str
    """Byte order as `struct` writes it: ``"<"`` or ``">"``."""
    bits: int
    file_type: int
    """`MH_*`: 1 object, 2 executable, 6 library, 8 bundle."""
    command_count: int
    command_bytes: int
    flags: int
    """`MH_*` flags: 0x80 says that symbols carry the library that must export them."""

    @property
    def size(self) -> int:
        """Bytes of the header itself; the load commands follow it."""
        return 32 if self.bits == 64 else 28  # noqa: PLR2004 - sizes of mach_header_64 and mach_header


def is_mach_o(magic: bytes) -> bool:
    """Whether the first four bytes are those of a Mach-O file, thin or fat (a Java class file also passes)."""
    return magic in _THIN or magic in _FAT


def read_header(head: bytes) -> Header:
    """Read the header at the begin of one slice.

    Raises `NotMachOError` for another magic and `TruncatedError` for fewer bytes than a header has.
    """
    form = _THIN.get(head[:4])
    if form is None:
        raise NotMachOError("no Mach-O magic")
    order, bits = form
    if len(head) < (32 if bits == 64 else 28):  # noqa: PLR2004 - as in Header.size
        raise TruncatedError("the file ends inside its header")
    _, cpu, subtype, file_type, count, size, flags = _HEADERS[order].unpack_from(head)
    return Header(architecture_name(cpu, subtype), order, bits, file_type, count, size, flags)


def read_slices(read: ReadAt, file_size: int, head: bytes | None = None) -> tuple[Slice, ...]:
    """List the slices of a file, in file order. `head` are its first bytes where the caller has them.

    Raises `NotMachOError`, `TruncatedError` where a slice leads past the end, `MalformedError` for an empty table.
    """
    if head is None:
        head = read(0, 32)
    if head[:4] in _THIN:
        return (Slice(read_header(head).architecture, 0, file_size),)
    form = _FAT.get(head[:4])
    if form is None:
        raise NotMachOError("no Mach-O magic")
    entry, count_format = form
    if len(head) < 8:  # noqa: PLR2004 - magic and count
        raise TruncatedError("the file ends inside its fat header")
    (count,) = struct.unpack_from(count_format, head, 4)
    if count > MAX_SLICES:
        raise NotMachOError(f"a fat header with {count} slices, or a Java class")
    if count == 0:
        raise MalformedError("a fat header without slices")
    table = read(8, count * entry.size)
    if len(table) < count * entry.size:
        raise TruncatedError("the file ends inside its fat header")
    slices = []
    for index in range(count):
        cpu, subtype, offset, size = entry.unpack_from(table, index * entry.size)[:4]
        name = architecture_name(cpu, subtype)
        if offset + size > file_size:
            raise TruncatedError(f"its {name} slice ends at byte {offset + size}, the file at {file_size}")
        slices.append(Slice(name, offset, size))
    return tuple(slices)


def serving_slice(slices: tuple[Slice, ...], architecture: str) -> Slice | None:
    """The slice that a process of `architecture` would use, or `None`.

    An arm64 process takes arm64 only: third-party arm64e code is not loaded into it (Apple: arm64e is a preview ABI).
    An arm64e process (Apple's own binaries) takes arm64e first, then arm64; x86_64 takes x86_64, then x86_64h.
    """
    for wanted in _SERVES.get(architecture, (architecture,)):
        for candidate in slices:
            if candidate.architecture == wanted:
                return candidate
    return None


_SERVES = {"arm64e": ("arm64e", "arm64"), "x86_64": ("x86_64", "x86_64h")}
