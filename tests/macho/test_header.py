from __future__ import annotations

import struct

import pytest

from environments.linkable import CPU, Library, build, fat
from m1doctor.macho.errors import MalformedError, NotMachOError, TruncatedError
from m1doctor.macho.header import architecture_name, is_mach_o, read_header, read_slices, serving_slice

ARM64, ARM64E, X86 = (build(Library(architecture=name)) for name in ("arm64", "arm64e", "x86_64"))


def slices(content: bytes, size: int | None = None) -> tuple:
    return read_slices(lambda at, length: content[at : at + length], len(content) if size is None else size)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [32, 64])
def test_both_byte_orders_and_both_widths_are_read(order: str, bits: int) -> None:
    content = build(Library(order=order, bits=bits, architecture="x86_64" if bits == 64 else "i386"))
    header = read_header(content)
    assert (header.order, header.bits, header.file_type, header.flags) == (order, bits, 6, 0x80)
    assert header.architecture == ("x86_64" if bits == 64 else "i386")
    assert header.size + header.command_bytes <= len(content)


@pytest.mark.parametrize("wide", [False, True])
def test_a_fat_file_lists_its_slices_in_its_order(wide: bool) -> None:  # noqa: FBT001 - a pytest parameter
    content = fat(X86, ARM64E, ARM64, wide=wide)
    found = slices(content)
    assert [each.architecture for each in found] == ["x86_64", "arm64e", "arm64"]
    assert [content[each.offset : each.offset + each.size] for each in found] == [X86, ARM64E, ARM64]


def test_a_thin_file_is_one_slice() -> None:
    (only,) = slices(ARM64)
    assert (only.architecture, only.offset, only.size) == ("arm64", 0, len(ARM64))


def test_capability_bits_do_not_hide_arm64e() -> None:
    assert architecture_name(*CPU["arm64e"]) == "arm64e"


def test_an_unknown_processor_keeps_its_numbers() -> None:
    assert architecture_name(0x1234, 7) == "cpu 4660.7"


@pytest.mark.parametrize(
    ("process", "have", "served"),
    [
        ("arm64", ("x86_64", "arm64e", "arm64"), "arm64"),
        ("arm64", ("arm64e",), None),
        ("arm64e", ("arm64",), "arm64"),
        ("x86_64", ("arm64", "x86_64h"), "x86_64h"),
        ("x86_64", ("arm64",), None),
    ],
)
def test_a_process_takes_the_slice_that_dyld_would_take(
    process: str, have: tuple[str, ...], served: str | None
) -> None:
    content = fat(*(build(Library(architecture=name)) if name in CPU else _renamed(X86, 8) for name in have))
    chosen = serving_slice(slices(content), process)
    assert (chosen.architecture if chosen else None) == served


def _renamed(content: bytes, subtype: int) -> bytes:
    return content[:8] + struct.pack("<I", subtype) + content[12:]


def test_a_slice_beyond_the_end_is_truncated() -> None:
    content = fat(ARM64, X86)
    with pytest.raises(TruncatedError, match="x86_64 slice"):
        slices(content, len(content) - 200)


def test_a_java_class_is_no_mach_o_file() -> None:
    java = b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(100)
    assert is_mach_o(java[:4])
    with pytest.raises(NotMachOError):
        slices(java)


def test_a_fat_file_of_nothing_is_malformed() -> None:
    with pytest.raises(MalformedError):
        slices(b"\xca\xfe\xba\xbe" + bytes(60))


@pytest.mark.parametrize("content", [b"", b"\xcf\xfa", b"#!/bin/sh\n", b"\x7fELF" + bytes(60)])
def test_other_files_are_told_as_such(content: bytes) -> None:
    with pytest.raises(NotMachOError):
        slices(content)


def test_a_header_cut_off_is_truncated() -> None:
    with pytest.raises(TruncatedError):
        read_header(ARM64[:20])
