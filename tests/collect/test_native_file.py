from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from environments.linkable import BUNDLE, Library, Wanted, build, fat
from m1doctor.collect.native_file import NativeFileError, inspect_native
from m1doctor.macho.load_commands import Dependency

LIBRARY = Library(
    install_name="@rpath/libx.dylib",
    needs=["/usr/lib/libSystem.B.dylib", ("@rpath/liby.dylib", "weak")],
    rpaths=["@loader_path/.."],
    exports=["_a"],
    wants=[Wanted("_b", 1)],
    minimum_macos=(12, 1),
)


def put(folder: Path, content: bytes) -> Path:
    path = folder / "x.so"
    path.write_bytes(content)
    return path


def test_a_library_tells_what_it_is_and_what_it_asks_for(tmp_path: Path) -> None:
    info = inspect_native(put(tmp_path, build(LIBRARY)))
    assert (info.format, info.kind, info.architectures) == ("mach-o", "library", ("arm64",))
    assert (info.minimum_macos, info.install_name, info.rpaths) == ("12.1", "@rpath/libx.dylib", ("@loader_path/..",))
    assert info.dependencies == (
        Dependency("/usr/lib/libSystem.B.dylib"),
        Dependency("@rpath/liby.dylib", weak=True),
    )


@pytest.mark.parametrize("wide", [False, True])
def test_a_fat_file_is_described_by_the_slice_of_the_process(tmp_path: Path, wide: bool) -> None:  # noqa: FBT001 - a pytest parameter
    slices = [
        build(Library(architecture="x86_64", minimum_macos=(10, 9), file_type=BUNDLE)),
        build(Library(architecture="arm64", minimum_macos=(11, 0), file_type=BUNDLE)),
        build(Library(architecture="arm64e", minimum_macos=(13, 0), file_type=BUNDLE)),
    ]
    path = put(tmp_path, fat(*slices, wide=wide))
    for architecture, minimum in (("x86_64", "10.9"), ("arm64", "11.0"), ("arm64e", "13.0"), ("ppc", "10.9")):
        info = inspect_native(path, architecture)
        assert info.architectures == ("x86_64", "arm64", "arm64e")
        assert (info.kind, info.minimum_macos) == ("bundle", minimum)


def test_load_commands_longer_than_the_first_read_are_read_whole(tmp_path: Path) -> None:
    many = [f"@rpath/library-with-a-long-name-{index:04}.dylib" for index in range(400)]
    info = inspect_native(put(tmp_path, build(Library(needs=many))))
    assert [each.install_name for each in info.dependencies] == many


@pytest.mark.parametrize(
    ("machine", "data", "name"),
    [(62, 1, "x86_64"), (183, 1, "aarch64"), (22, 2, "s390x"), (999, 1, "machine 999")],
)
def test_elf_tells_its_machine(tmp_path: Path, machine: int, data: int, name: str) -> None:
    order = "little" if data == 1 else "big"
    head = b"\x7fELF\x02" + bytes([data]) + bytes(10) + (3).to_bytes(2, order) + machine.to_bytes(2, order)
    info = inspect_native(put(tmp_path, head + bytes(44)))
    assert (info.format, info.architectures) == ("elf", (name,))


def test_a_static_archive_is_told_as_such(tmp_path: Path) -> None:
    info = inspect_native(put(tmp_path, b"!<arch>\n" + bytes(60)))
    assert (info.format, info.architectures) == ("static archive", ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (bytes(100), "the file begins with nothing but zeros"),
        (b"version https://git-lfs.github.com/spec/v1\n", "neither Mach-O nor ELF"),
        (b"\x7fELF\x02", "the file ends inside its ELF header"),
        (build(LIBRARY)[:20], "the file ends inside its header"),
        (build(LIBRARY)[:100], "the file ends inside its load commands"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x3d" + bytes(60), "a fat header with 61 slices, or a Java class"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_clause(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(NativeFileError) as caught:
        inspect_native(put(tmp_path, content))
    assert caught.value.reason == reason


def test_a_file_cut_off_in_its_tables_is_told(tmp_path: Path) -> None:
    content = build(LIBRARY)
    with pytest.raises(NativeFileError, match="ends at byte"):
        inspect_native(put(tmp_path, content[:-3]))


def test_what_cannot_be_opened_is_told_and_nothing_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.so")
    for path, words in (
        (tmp_path / "nothing.so", "No such file"),
        (tmp_path, "not a regular file"),
        (tmp_path / "pipe.so", "not a regular file"),
        (tmp_path / "nul\0.so", "null byte"),
    ):
        with pytest.raises(NativeFileError, match=words):
            inspect_native(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # written anew by every example
@given(data=st.data())
def test_a_mutated_file_gives_facts_or_a_reason(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([build(LIBRARY), fat(build(LIBRARY), build(LIBRARY))])))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = put(tmp_path, bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        told = inspect_native(path).format
    except NativeFileError as error:
        told = error.reason
    assert told
