"""What kind of native file a path holds: format, architectures, minimum macOS, what it asks for.

Made to be asked of hundreds of extension modules: one open, one read of a few kilobytes, no more.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from m1doctor.macho.errors import MachOError
from m1doctor.macho.header import is_mach_o, read_header, read_slices, serving_slice
from m1doctor.macho.load_commands import MAX_COMMAND_BYTES, Dependency, read_load_commands
from m1doctor.model.record import record

_HEAD_BYTES = 8192
"""Holds the header and the load commands of nearly every library: 4 kB in the Metal plugin, 2 to 6 kB elsewhere."""
_ELF_MACHINES = {3: "i386", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
_FILE_KINDS = {1: "object", 2: "executable", 6: "library", 8: "bundle", 9: "stub library", 10: "debug symbols"}


class NativeFileError(ValueError):
    """The file is truncated, hostile, unreadable or no native file."""

    def __init__(self, reason: str) -> None:
        """Keep `reason`: one clause, e.g. ``"the file ends inside its header"``."""
        super().__init__(reason)
        self.reason = reason


@record(frozen=True, slots=True)
class NativeInfo:
    """What the first bytes of a native file tell."""

    format: str
    """``"mach-o"``, ``"elf"`` or ``"static archive"``."""
    architectures: tuple[str, ...]
    """Names as `lipo` prints them (``"arm64"``, ``"arm64e"``, ``"x86_64"``), for ELF as `uname` does (``"aarch64"``);
    empty for a static archive."""
    kind: str | None = None
    """Mach-O: ``"library"``, ``"bundle"``, ``"executable"``, ``"object"``…"""
    minimum_macos: str | None = None
    sdk: str | None = None
    """Mach-O: version of the macOS SDK that it was linked with."""
    dependencies: tuple[Dependency, ...] = ()
    """Mach-O: the libraries it asks for, each with its install name and whether it may be missing (`weak`)."""
    rpaths: tuple[str, ...] = ()
    install_name: str | None = None


def inspect_native(path: Path | str, architecture: str = "arm64") -> NativeInfo:
    """Look at one file.

    Of a fat file, all but `architectures` is that of the slice which `architecture` would use, or of the first slice
    where none serves it.

    Raises `NativeFileError` for a file that cannot be opened, is not native, is cut off or contradicts itself.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise NativeFileError(error.strerror or str(error)) from error
    except ValueError as error:
        raise NativeFileError(str(error)) from error
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise NativeFileError("not a regular file")
        head = os.pread(descriptor, _HEAD_BYTES, 0)
        if is_mach_o(head[:4]):
            return _mach_o(descriptor, status.st_size, head, architecture)
    except MachOError as error:
        raise NativeFileError(str(error)) from error
    except OSError as error:
        raise NativeFileError(error.strerror or str(error)) from error
    finally:
        os.close(descriptor)
    return _other(head)


def _mach_o(descriptor: int, file_size: int, head: bytes, architecture: str) -> NativeInfo:
    def read(offset: int, length: int) -> bytes:
        return os.pread(descriptor, length, offset)

    slices = read_slices(read, file_size, head)
    chosen = serving_slice(slices, architecture) or slices[0]
    if chosen.offset:
        head = read(chosen.offset, min(_HEAD_BYTES, chosen.size))
    header = read_header(head)
    commands = head[header.size : header.size + header.command_bytes]
    if len(commands) < header.command_bytes <= MAX_COMMAND_BYTES:
        commands = read(chosen.offset + header.size, header.command_bytes)
    found = read_load_commands(header, commands, chosen.size)
    return NativeInfo(
        format="mach-o",
        architectures=tuple(each.architecture for each in slices),
        kind=_FILE_KINDS.get(header.file_type),
        minimum_macos=found.minimum_macos,
        sdk=found.sdk,
        dependencies=tuple(found.dependencies),
        rpaths=tuple(found.rpaths),
        install_name=found.install_name,
    )


def _other(head: bytes) -> NativeInfo:
    if head[:4] == b"\x7fELF":
        if len(head) < 20 or head[5] not in (1, 2):  # noqa: PLR2004 - e_machine ends at byte 20, EI_DATA is 1 or 2
            raise NativeFileError("the file ends inside its ELF header")
        machine = int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")
        return NativeInfo(format="elf", architectures=(_ELF_MACHINES.get(machine, f"machine {machine}"),))
    if head[:8] == b"!<arch>\n":
        return NativeInfo(format="static archive", architectures=())
    if not head:
        raise NativeFileError("the file is empty")
    if not head.strip(b"\0"):
        raise NativeFileError("the file begins with nothing but zeros")
    raise NativeFileError("neither Mach-O nor ELF")
