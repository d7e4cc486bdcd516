"""The link verdict on small environments: a TensorFlow of four libraries and plugins for and against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments.linkable import BUNDLE, Library, Moved, Wanted, build, fat, write
from m1doctor.macho.link import judge_link
from m1doctor.macho.process import UnjudgedError
from m1doctor.model.plugins import LinkStatus, LinkVerdict

SYSTEM = "/usr/lib/libSystem.B.dylib"
CORE = "@rpath/_pywrap_tensorflow_internal.so"
UUID = "00010203-0405-0607-0809-0A0B0C0D0E0F"
PLUGIN = Library(
    install_name="bazel-out/bin/libplugin.dylib",
    needs=[SYSTEM, CORE],
    rpaths=["@loader_path/../_solib"],
    exports=["_SE_InitPlugin"],
    wants=[
        Wanted("_malloc", 1),
        Wanted("__ZN3tsl3logEv", 2),
        Wanted("_TF_NewTensor", -2),
        Wanted("_objc_msgSend", -2),
        Wanted("_SE_InitPlugin", -3),
    ],
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site folder with a TensorFlow whose core re-exports one library and needs another."""
    tensorflow = tmp_path / "site-packages" / "tensorflow"
    write(
        tensorflow / "python" / "_pywrap_tensorflow_internal.so",
        Library(
            install_name=CORE,
            needs=[SYSTEM, "@rpath/libtensorflow_framework.2.dylib", ("@rpath/libtensorflow_cc.2.dylib", "reexport")],
            rpaths=["@loader_path/..", "@loader_path/../_nowhere"],
            exports={"_PyInit": 16, "__ZN3tsl5movedEv": Moved(2, "__ZN3tsl5thereEv")},
            file_type=6,
        ),
    )
    write(
        tensorflow / "libtensorflow_framework.2.dylib",
        Library(
            install_name="@rpath/libtensorflow_framework.2.dylib",
            needs=[SYSTEM],
            exports=["_TF_NewTensor", "__ZN3tsl5thereEv"],
            tables="chained1",
        ),
    )
    write(
        tensorflow / "libtensorflow_cc.2.dylib",
        Library(
            install_name="@rpath/libtensorflow_cc.2.dylib",
            needs=["@rpath/libtensorflow_framework.2.dylib"],
            rpaths=["@loader_path"],
            exports=["__ZN3tsl3logEv", "_TF_Deep"],
        ),
    )
    return tmp_path / "site-packages"


def verdict(site: Path, plugin: Library, **more: object) -> LinkVerdict:
    path = write(site / "tensorflow-plugins" / "libplugin.dylib", plugin)
    return judge_link(path, site / "tensorflow", **more)  # type: ignore[arg-type]  # keyword arguments of the test


def missing(found: LinkVerdict) -> list[str]:
    return [symbol.name for symbol in found.missing_symbols]


def wanting(*wants: Wanted, **more: object) -> Library:
    return replace(PLUGIN, wants=wants, **more)


@pytest.mark.parametrize("tables", ["opcodes", "chained1", "chained2", "chained3", "symbols"])
def test_a_plugin_whose_symbols_are_there_links(site: Path, tables: str) -> None:
    plugin = PLUGIN if tables != "symbols" else replace(PLUGIN, wants=PLUGIN.wants[:4])
    found = verdict(site, replace(plugin, tables=tables))
    assert (found.status, found.dyld_message, found.missing_symbols) == (LinkStatus.LINKS, None, ())
    assert found.symbols_trusted == 2  # malloc of libSystem, objc_msgSend of the flat namespace
    assert found.against == (
        "tensorflow/python/_pywrap_tensorflow_internal.so",
        "tensorflow/libtensorflow_framework.2.dylib",
        "tensorflow/libtensorflow_cc.2.dylib",
    )
    assert found.seconds > 0


def test_a_missing_two_level_symbol_is_told_in_dylds_words(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_malloc", 1), Wanted("__ZN3tsl4goneEv", 2), Wanted("_TF_Gone", -2)))
    plugin, core = (
        site / "tensorflow-plugins/libplugin.dylib",
        site / "tensorflow/python/_pywrap_tensorflow_internal.so",
    )
    assert found.status is LinkStatus.SYMBOL_NOT_FOUND
    assert found.dyld_message == (
        f"dlopen({plugin}, 0x0006): Symbol not found: __ZN3tsl4goneEv\n"
        f"  Referenced from: <{UUID}> {plugin}\n"
        f"  Expected in:     <{UUID}> {core}"
    )
    assert missing(found) == ["__ZN3tsl4goneEv", "_TF_Gone"]
    assert found.missing_symbols[0].library == CORE
    assert found.missing_symbols[1].library is None


def test_a_missing_flat_symbol_is_told_in_dylds_words(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_TF_Gone", -2), Wanted("__ZN3tsl4goneEv", 2)))
    plugin = site / "tensorflow-plugins/libplugin.dylib"
    assert found.dyld_message == f"dlopen({plugin}, 0x0006): symbol not found in flat namespace '_TF_Gone'"
    assert missing(found) == ["_TF_Gone", "__ZN3tsl4goneEv"]


def test_a_symbol_is_not_found_in_another_library_than_its_own(site: Path) -> None:
    assert missing(verdict(site, wanting(Wanted("_TF_NewTensor", 2)))) == ["_TF_NewTensor"]


def test_re_exports_of_a_library_and_of_one_symbol_count(site: Path) -> None:
    wants = (Wanted("_TF_Deep", 2), Wanted("__ZN3tsl5movedEv", 2), Wanted("__ZN3tsl5movedEv", -2))
    assert verdict(site, wanting(*wants)).status is LinkStatus.LINKS


def test_a_flat_lookup_does_not_go_through_re_exported_libraries_but_finds_them_loaded(site: Path) -> None:
    assert verdict(site, wanting(Wanted("_TF_Deep", -2))).status is LinkStatus.LINKS


def test_a_symbol_of_the_plugins_own_is_looked_up_in_the_plugin(site: Path) -> None:
    assert verdict(site, wanting(Wanted("_SE_InitPlugin", 0))).status is LinkStatus.LINKS
    assert missing(verdict(site, wanting(Wanted("_other", 0)))) == ["_other"]


def test_weak_imports_may_be_missing(site: Path) -> None:
    wants = (Wanted("_TF_Gone", -2, weak=True), Wanted("__ZN3tsl4goneEv", 2, weak=True))
    assert verdict(site, wanting(*wants)).status is LinkStatus.LINKS


def test_a_weak_library_may_be_missing_and_then_its_strong_symbols_are(site: Path) -> None:
    needs = [SYSTEM, ("@rpath/libgone.dylib", "weak")]
    assert verdict(site, wanting(Wanted("_x", 2, weak=True), needs=needs)).status is LinkStatus.LINKS
    found = verdict(site, wanting(Wanted("_x", 2), needs=needs))
    assert found.dyld_message is not None
    assert found.dyld_message.endswith("\n  Expected in:     <no uuid> unknown")


def test_symbols_of_the_program_and_of_the_system_are_taken_on_trust(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_PyErr_Clear", -1), Wanted("_anything", 1), Wanted("_Py_Other", -2)))
    assert (found.status, found.symbols_checked, found.symbols_trusted) == (LinkStatus.LINKS, 0, 3)


def test_a_definition_that_coalesces_nowhere_is_told(site: Path) -> None:
    found = verdict(site, wanting(Wanted("__ZN3tsl4goneEv", -3), tables="chained1"))
    assert found.dyld_message is not None
    assert found.dyld_message.endswith("\n  Expected as weak-def export from some loaded dylib")


def test_an_ordinal_that_names_no_library_is_told(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_a", 9)))
    assert found.dyld_message is not None
    assert "unknown library ordinal 9 in" in found.dyld_message


def test_a_missing_library_is_told_in_dylds_words_with_the_paths_that_were_tried(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_a", 2), needs=[SYSTEM, "@rpath/libgone.so"]))
    plugin = site / "tensorflow-plugins/libplugin.dylib"
    tried = f"'{site}/tensorflow-plugins/../_solib/libgone.so' (no such file)"
    assert (found.status, found.missing_library) == (LinkStatus.LIBRARY_NOT_LOADED, "@rpath/libgone.so")
    assert found.dyld_message == (
        f"dlopen({plugin}, 0x0006): Library not loaded: @rpath/libgone.so\n"
        f"  Referenced from: <{UUID}> {plugin}\n"
        f"  Reason: tried: {tried}, {tried}"
    )


def test_without_any_rpath_dyld_says_so(site: Path) -> None:
    found = verdict(site, wanting(needs=["@rpath/libgone.so"], rpaths=[]))
    assert found.dyld_message is not None
    assert found.dyld_message.endswith("Reason: no LC_RPATH's found")


def test_an_absolute_library_is_looked_for_only_on_the_machine_it_is_meant_for(site: Path) -> None:
    plugin = wanting(Wanted("_a", 1), needs=[f"{site}/elsewhere/libgone.dylib"])
    assert verdict(site, plugin).status is LinkStatus.LIBRARY_NOT_LOADED
    assert verdict(site, plugin, disk_is_its_own=False).status is LinkStatus.LINKS


def test_install_names_count_before_paths_and_only_for_libraries(site: Path) -> None:
    core = site / "tensorflow/python/_pywrap_tensorflow_internal.so"
    other = replace(PLUGIN, install_name=CORE, exports=[], wants=[], needs=[])
    write(site / "_solib/_pywrap_tensorflow_internal.so", other)
    assert verdict(site, PLUGIN).status is LinkStatus.LINKS  # the loaded image, not the file at the rpath
    content = bytearray(core.read_bytes())
    content[12] = BUNDLE
    core.write_bytes(content)
    assert missing(verdict(site, PLUGIN)) == ["__ZN3tsl3logEv"]  # a bundle has no install name: now the file serves


def test_a_library_beside_the_plugin_is_loaded_and_searched(site: Path) -> None:
    write(site / "_solib/libextra.dylib", Library(install_name="@rpath/libextra.dylib", exports=["_extra"]))
    plugin = wanting(Wanted("_extra", 1), Wanted("_TF_NewTensor", -2), needs=["@rpath/libextra.dylib"])
    assert verdict(site, plugin).status is LinkStatus.LINKS


def test_libraries_that_ask_for_each_other_come_to_an_end(site: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        write(
            site / f"_solib/lib{one}.dylib",
            Library(
                install_name=f"@rpath/lib{one}.dylib",
                needs=[(f"@rpath/lib{other}.dylib", "reexport")],
                rpaths=["@loader_path"],
            ),
        )
    assert missing(verdict(site, wanting(Wanted("_x", 1), needs=["@rpath/liba.dylib"]))) == ["_x"]


@pytest.mark.parametrize(("slices", "what"), [(1, "mach-o file, but is an"), (2, "fat file, but missing")])
def test_a_plugin_for_other_processors_is_told_in_dylds_words(site: Path, slices: int, what: str) -> None:
    path = site / "tensorflow-plugins/libplugin.dylib"
    content = build(replace(PLUGIN, architecture="x86_64"))
    write(path, PLUGIN)
    path.write_bytes(fat(content, build(replace(PLUGIN, architecture="arm64e"))) if slices > 1 else content)
    found = judge_link(path, site / "tensorflow")
    have = "x86_64,arm64e" if slices > 1 else "x86_64"
    assert found.status is LinkStatus.WRONG_ARCHITECTURE
    assert found.dyld_message is not None
    assert found.dyld_message.startswith(f"dlopen({path}, 0x0006): tried: '{path}' ({what}")
    assert f"(have '{have}', need 'arm64')" in found.dyld_message


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1\n", build(PLUGIN)[:200]])
def test_a_plugin_that_is_no_sound_library_is_unreadable_with_a_reason(site: Path, content: bytes) -> None:
    path = write(site / "tensorflow-plugins/libplugin.dylib", PLUGIN)
    path.write_bytes(content)
    found = judge_link(path, site / "tensorflow")
    assert found.status is LinkStatus.UNREADABLE
    assert found.reason


def test_where_tensorflow_cannot_be_read_nothing_is_said_of_the_plugin(site: Path) -> None:
    (site / "tensorflow/libtensorflow_cc.2.dylib").write_bytes(b"cut")
    with pytest.raises(UnjudgedError, match="asks for @rpath/libtensorflow_cc"):
        verdict(site, PLUGIN)
    (site / "tensorflow/python/_pywrap_tensorflow_internal.so").unlink()
    with pytest.raises(UnjudgedError, match="is missing"):
        verdict(site, PLUGIN)


def test_a_broken_export_trie_of_tensorflow_is_not_held_against_the_plugin(site: Path) -> None:
    path = site / "tensorflow/libtensorflow_framework.2.dylib"
    content = path.read_bytes()
    at = content.index(b"\x00\x01_\0")
    path.write_bytes(content[: at + 1] + b"\x01_\0\xff\xff\x03" + content[at + 7 :])
    with pytest.raises(UnjudgedError, match="cannot be read"):
        verdict(site, PLUGIN)


def test_a_library_without_two_levels_is_judged_by_tensorflows_names_alone(site: Path) -> None:
    found = verdict(site, wanting(Wanted("_memcpy", -2), Wanted("_TF_Gone", -2), flags=0))
    assert missing(found) == ["_TF_Gone"]
