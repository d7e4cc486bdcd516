from __future__ import annotations

from pathlib import Path

import pytest

from environments import mach_o, real
from environments.site_folder import collect, lay_down
from m1doctor.collect.packages.native_files import is_native_name
from m1doctor.model.packages import NativeFile

PLUGIN = mach_o.library("/usr/lib/libc++.1.dylib", minimum_macos=(12, 1))


def _one(folder: Path) -> NativeFile:
    (found,) = collect(folder).native_files
    return found


def test_architecture_and_minimum_macos_are_read(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": PLUGIN})
    found = _one(tmp_path)
    assert (found.path, found.distribution) == ("pkg/core.so", "pkg 1.0")
    assert (found.architectures, found.minimum_macos, found.fault) == (("arm64",), "12.1", None)


def test_all_slices_of_a_universal_file_are_named(tmp_path: Path) -> None:
    both = mach_o.fat(mach_o.library(architecture="x86_64"), mach_o.library(architecture="arm64"))
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": both})
    assert _one(tmp_path).architectures == ("x86_64", "arm64")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (PLUGIN[:40], "ends inside"),
        (b"<!DOCTYPE html><html>404</html>", "HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git-lfs pointer"),
        (bytes(4096), "zeros"),
        (b"plain text", "neither Mach-O nor ELF"),
    ],
)
def test_what_is_no_library_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": content})
    found = _one(tmp_path)
    assert found.fault is not None
    assert words in found.fault
    assert found.architectures == ()


def test_a_missing_library_is_damage_and_no_native_file(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": PLUGIN})
    (tmp_path / "pkg/core.so").unlink()
    found = collect(tmp_path)
    assert found.native_files == ()
    assert len(found.damaged) == 1


def test_libraries_without_a_record_are_found_below_their_package(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "pkg", "1.0", {"pkg/deep/core.so": PLUGIN}, record=False)
    (info / "top_level.txt").write_text("pkg\n../../etc\n/\n..\n")
    found = _one(tmp_path)
    assert (found.path, found.distribution) == ("pkg/deep/core.so", "pkg 1.0")


def test_libraries_of_a_tensorflow_that_nobody_records_are_found(tmp_path: Path) -> None:
    (tmp_path / "tensorflow/python").mkdir(parents=True)
    (tmp_path / "tensorflow/python/core.so").write_bytes(PLUGIN)
    found = _one(tmp_path)
    assert (found.path, found.distribution) == ("tensorflow/python/core.so", None)


@pytest.mark.parametrize("name", ["a.so", "a.dylib", "liba.so.1", "liba.so.1.2.3", "a.cpython-311-darwin.so"])
def test_names_of_libraries(name: str) -> None:
    assert is_native_name(name)


@pytest.mark.parametrize("name", ["a.py", "a.so.txt", "a.solution", "a.dylib.meta", "so", "a.so."])
def test_names_of_other_files(name: str) -> None:
    assert not is_native_name(name)


@pytest.mark.real_wheels
def test_every_library_of_a_real_environment_is_sound_and_for_arm64() -> None:
    folder = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    found = collect(folder).native_files
    assert len(found) > 100
    assert {each.fault for each in found} == {None}
    assert all("arm64" in each.architectures for each in found)
    plugin = next(each for each in found if each.path == "tensorflow-plugins/libmetal_plugin.dylib")
    assert (plugin.distribution, plugin.minimum_macos) == ("tensorflow-metal 1.2.0", "12.1")
