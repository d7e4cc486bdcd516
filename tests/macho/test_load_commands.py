from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.linkable import Library, Wanted, build
from m1doctor.macho.errors import MachOError, MalformedError, TruncatedError
from m1doctor.macho.header import read_header
from m1doctor.macho.load_commands import Dependency, LoadCommands, read_load_commands


def commands(content: bytes, size: int | None = None) -> LoadCommands:
    header = read_header(content)
    return read_load_commands(
        header, content[header.size : header.size + header.command_bytes], len(content) if size is None else size
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [32, 64])
def test_all_that_a_library_says_is_read(order: str, bits: int) -> None:
    found = commands(
        build(
            Library(
                install_name="@rpath/libx.dylib",
                needs=["/usr/lib/libSystem.B.dylib", ("@rpath/liby.dylib", "weak"), ("/opt/z.dylib", "reexport")],
                rpaths=["@loader_path/..", "/opt/lib"],
                minimum_macos=(12, 1),
                order=order,
                bits=bits,
                architecture="x86_64",
            )
        )
    )
    assert found.install_name == "@rpath/libx.dylib"
    assert found.dependencies == [
        Dependency("/usr/lib/libSystem.B.dylib"),
        Dependency("@rpath/liby.dylib", weak=True),
        Dependency("/opt/z.dylib", reexport=True),
    ]
    assert found.rpaths == ["@loader_path/..", "/opt/lib"]
    assert (found.minimum_macos, found.platforms, found.uuid) == ("12.1", [1], bytes(range(16)))


def test_the_newer_form_of_a_weak_library_carries_flags_of_its_own() -> None:
    name = b"@rpath/liby.dylib\0\0\0\0\0\0\0"
    command = struct.pack("<7I", 0x80000018, 28 + len(name), 28, 0x1A741800, 0, 0, 0x1 | 0x4) + name
    (dependency,) = commands(build(Library(more_commands=[command]))).dependencies
    assert dependency == Dependency("@rpath/liby.dylib", weak=True)


def test_the_version_of_an_old_library_is_read() -> None:
    old = struct.pack("<4I", 0x24, 16, 10 << 16 | 9 << 8 | 3, 0)
    assert commands(build(Library(minimum_macos=None, more_commands=[old]))).minimum_macos == "10.9.3"


def test_another_platform_is_not_taken_for_macos() -> None:
    ios = struct.pack("<6I", 0x32, 24, 2, 15 << 16, 15 << 16, 0)
    found = commands(build(Library(minimum_macos=None, more_commands=[ios])))
    assert (found.minimum_macos, found.platforms) == (None, [2])


def test_a_file_cut_off_behind_its_commands_is_truncated() -> None:
    content = build(Library(exports=["_a", "_b"], wants=[Wanted("_c", -2)]))
    with pytest.raises(TruncatedError, match="the file at"):
        commands(content, len(content) - 4)


def test_a_command_that_ends_beyond_the_others_is_malformed() -> None:
    content = bytearray(build(Library()))
    struct.pack_into("<I", content, 36, 1 << 20)
    with pytest.raises(MalformedError):
        commands(bytes(content))


def test_a_command_of_no_bytes_does_not_loop() -> None:
    content = bytearray(build(Library()))
    struct.pack_into("<I", content, 36, 0)
    with pytest.raises(MalformedError):
        commands(bytes(content))


def test_more_commands_than_any_file_has_are_refused_before_they_are_read() -> None:
    content = bytearray(build(Library()))
    struct.pack_into("<I", content, 16, 0xFFFFFFFF)
    with pytest.raises(MalformedError):
        commands(bytes(content))


@given(st.binary(max_size=400), st.integers(0, 20))
def test_any_bytes_give_commands_or_a_typed_error(body: bytes, count: int) -> None:
    head = struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 6, count, len(body), 0, 0)
    try:
        commands(head + body)
    except MachOError:
        return
