"""Mach-O libraries of a few hundred bytes, with the load commands that a test is about."""

from __future__ import annotations

import struct

_CPU = {"arm64": (0x0100000C, 0), "arm64e": (0x0100000C, 2), "x86_64": (0x01000007, 3)}
_ID, _LOAD, _LOAD_WEAK, _RPATH, _BUILD = 0xD, 0xC, 0x80000018, 0x8000001C, 0x32


def library(
    *needs: str,
    weak: tuple[str, ...] = (),
    rpaths: tuple[str, ...] = (),
    install_name: str | None = None,
    architecture: str = "arm64",
    minimum_macos: tuple[int, int] = (12, 0),
    strings: bytes = b"",
    bundle: bool = False,
) -> bytes:
    """A thin 64-bit library that asks for `needs`; `strings` follow its load commands."""
    commands = [_string_command(_LOAD, name, 24) for name in needs]
    commands += [_string_command(_LOAD_WEAK, name, 24) for name in weak]
    commands += [_string_command(_RPATH, path, 12) for path in rpaths]
    if install_name is not None:
        commands.append(_string_command(_ID, install_name, 24))
    packed = minimum_macos[0] << 16 | minimum_macos[1] << 8
    commands.append(struct.pack("<6I", _BUILD, 24, 1, packed, packed, 0))
    body = b"".join(commands)
    cpu, subtype = _CPU[architecture]
    header = struct.pack("<8I", 0xFEEDFACF, cpu, subtype, 8 if bundle else 6, len(commands), len(body), 0, 0)
    return header + body + strings


def fat(*slices: bytes) -> bytes:
    """A universal file of thin ones."""
    offset = 8 + 20 * len(slices)
    table, content = struct.pack(">2I", 0xCAFEBABE, len(slices)), b""
    for each in slices:
        cpu, subtype = struct.unpack_from("<2I", each, 4)
        table += struct.pack(">5I", cpu, subtype, offset + len(content), len(each), 0)
        content += each
    return table + content


def _string_command(command: int, text: str, at: int) -> bytes:
    encoded = text.encode() + b"\0"
    size = (at + len(encoded) + 7) // 8 * 8
    head = struct.pack("<3I", command, size, at) + bytes(at - 12)
    return (head + encoded).ljust(size, b"\0")
