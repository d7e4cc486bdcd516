from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from environments.linkable import Library, Moved, Wanted, build, fat, write
from m1doctor.macho.errors import MachOError, MalformedError, NotMachOError, TruncatedError
from m1doctor.macho.image import Image, NoSuchSliceError

WHOLE = [
    Library(
        install_name="@rpath/libx.dylib",
        needs=["/usr/lib/libSystem.B.dylib", "@rpath/liby.dylib"],
        rpaths=["@loader_path"],
        exports={"_a": 1, "_ab": 2, "_moved": Moved(2, "_there")},
        wants=[Wanted("_y", 2), Wanted("_z", -2, lazy=tables == "opcodes")],
        tables=tables,
    )
    for tables in ("opcodes", "chained1", "chained2", "chained3")
]


def test_the_slice_of_the_process_is_read_and_not_its_neighbour(tmp_path: Path) -> None:
    path = tmp_path / "fat.dylib"
    path.write_bytes(
        fat(
            build(Library(architecture="x86_64", exports=["_intel"], wants=[Wanted("_i", 1)])),
            build(Library(architecture="arm64", exports=["_apple"], wants=[Wanted("_m", 1)])),
        )
    )
    for architecture, export, wanted in (("arm64", b"_apple", b"_m"), ("x86_64", b"_intel", b"_i")):
        with Image(path, architecture) as image:
            assert image.architectures == ("x86_64", "arm64")
            assert set(image.find_exports([b"_apple", b"_intel"])) == {export}
            assert [each.name for each in image.exports()] == [export]
            assert [each.name for each in image.imports()] == [wanted]


def test_a_file_without_the_slice_says_what_it_has(tmp_path: Path) -> None:
    path = write(tmp_path / "intel.dylib", Library(architecture="x86_64"))
    with pytest.raises(NoSuchSliceError) as caught:
        Image(path, "arm64")
    assert (caught.value.architectures, caught.value.wanted) == (("x86_64",), "arm64")


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", TruncatedError), (b"no library", NotMachOError), (build(Library())[:40], TruncatedError)],
)
def test_other_files_raise_typed_errors(tmp_path: Path, content: bytes, error: type[MachOError]) -> None:
    path = tmp_path / "x.dylib"
    path.write_bytes(content)
    with pytest.raises(error):
        Image(path)


def test_a_folder_a_pipe_and_nothing_raise_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotMachOError):
        Image(tmp_path / "pipe")
    with pytest.raises(MachOError):
        Image(tmp_path)
    with pytest.raises(FileNotFoundError):
        Image(tmp_path / "nothing")


def test_an_image_with_dyld_tables_and_no_trie_exports_nothing_by_its_symbols(tmp_path: Path) -> None:
    with Image(write(tmp_path / "x.dylib", Library(wants=[Wanted("_a", 1)]))) as image:
        assert image.find_exports([b"_a"]) == {}
        assert list(image.exports()) == []
        with pytest.raises(MalformedError):
            image.trie()


@pytest.mark.parametrize("library", WHOLE, ids=lambda library: library.tables)
def test_a_file_cut_off_anywhere_gives_an_answer_or_a_typed_error(tmp_path: Path, library: Library) -> None:
    content = build(library)
    for length in range(len(content)):
        ask(tmp_path / "cut.dylib", content[:length])


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the folder is written anew by every example
@given(data=st.data(), library=st.sampled_from(WHOLE))
def test_a_mutated_file_gives_an_answer_or_a_typed_error(tmp_path: Path, data: st.DataObject, library: Library) -> None:
    content = bytearray(build(library))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.binary(min_size=1, max_size=8))
        content[at : at + len(change)] = change
    ask(tmp_path / "mutated.dylib", bytes(content))


def ask(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        with Image(path) as image:
            image.imports()
            image.find_exports([b"_a", b"_ab", b"_moved", b"_none"])
            list(image.exports())
    except MachOError:
        return
