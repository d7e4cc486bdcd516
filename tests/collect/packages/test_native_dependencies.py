from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from environments import mach_o
from environments.site_folder import MAC_UNAME, collect, lay_down, mac_interpreter, mac_world
from m1doctor.collect.packages import collect_packages
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.packages import MissingDependency

CORE = "pkg/core.so"


def _missing(folder: Path) -> tuple[MissingDependency, ...]:
    return collect(folder).missing_dependencies


def test_a_library_beside_the_asking_file_is_found(tmp_path: Path) -> None:
    core = mach_o.library("@loader_path/.dylibs/libx.dylib")
    lay_down(tmp_path, "pkg", "1.0", {CORE: core, "pkg/.dylibs/libx.dylib": mach_o.library()})
    assert _missing(tmp_path) == ()


def test_a_library_that_is_gone_is_told_with_the_paths_tried(tmp_path: Path) -> None:
    core = mach_o.library("@rpath/libx.dylib", rpaths=("@loader_path/.", "@loader_path/../lib", "/nowhere"))
    lay_down(tmp_path, "pkg", "1.0", {CORE: core})
    (found,) = _missing(tmp_path)
    assert (found.path, found.distribution, found.wanted) == (CORE, "pkg 1.0", "@rpath/libx.dylib")
    assert found.tried == (f"{tmp_path}/pkg/libx.dylib", f"{tmp_path}/lib/libx.dylib", "/nowhere/libx.dylib")


def test_libraries_of_the_system_are_taken_from_the_system(tmp_path: Path) -> None:
    core = mach_o.library("/usr/lib/libSystem.B.dylib", "/System/Library/Frameworks/Metal.framework/Metal")
    lay_down(tmp_path, "pkg", "1.0", {CORE: core})
    assert _missing(tmp_path) == ()


def test_a_library_that_may_be_missing_is_not_missing(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {CORE: mach_o.library(weak=("@loader_path/libx.dylib",))})
    assert _missing(tmp_path) == ()


def test_an_image_under_the_same_install_name_may_be_loaded_already(tmp_path: Path) -> None:
    core = mach_o.library("@rpath/libx.dylib", rpaths=("/build/machine",))
    other = mach_o.library(install_name="@rpath/libx.dylib")
    lay_down(tmp_path, "pkg", "1.0", {CORE: core})
    lay_down(tmp_path, "other", "1.0", {"other/renamed.dylib": other})
    assert _missing(tmp_path) == ()


def test_run_paths_of_the_files_that_lead_there_count(tmp_path: Path) -> None:
    files = {
        CORE: mach_o.library("@rpath/liba.dylib", rpaths=("@loader_path/lib",)),
        "pkg/lib/liba.dylib": mach_o.library("@rpath/libb.dylib"),
        "pkg/lib/libb.dylib": mach_o.library(install_name="libb"),
    }
    lay_down(tmp_path, "pkg", "1.0", files)
    assert _missing(tmp_path) == ()


def test_what_the_interpreter_brings_is_there(tmp_path: Path) -> None:
    core = mach_o.library("@rpath/libpython3.11.dylib", "@rpath/Python", rpaths=("/build",))
    lay_down(tmp_path, "pkg", "1.0", {CORE: core})
    assert _missing(tmp_path) == ()


def test_the_plugin_is_judged_elsewhere(tmp_path: Path) -> None:
    plugin = mach_o.library("@rpath/_pywrap_tensorflow_internal.so", rpaths=("/build",))
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {"tensorflow-plugins/libmetal_plugin.dylib": plugin})
    assert _missing(tmp_path) == ()


def test_plugins_that_another_program_loads_when_asked_may_ask_for_what_few_have(tmp_path: Path) -> None:
    asks = ("@loader_path/QtPdf.framework/QtPdf",)
    files = {
        "qt/imageformats/libqpdf.dylib": mach_o.library(*asks, bundle=True),
        "qt/plugins/sqldrivers/libqsqlpsql.dylib": mach_o.library(*asks),
        "qt/QtCore.so": mach_o.library(*asks, bundle=True),
    }
    lay_down(tmp_path, "qt", "6.0", files)
    assert [each.path for each in _missing(tmp_path)] == ["qt/QtCore.so"]


def test_the_slice_of_the_target_is_read(tmp_path: Path) -> None:
    both = mach_o.fat(mach_o.library("@loader_path/gone.dylib", architecture="x86_64"), mach_o.library())
    lay_down(tmp_path, "pkg", "1.0", {CORE: both})
    assert _missing(tmp_path) == ()


def test_an_absolute_path_of_a_mac_is_asked_on_that_mac_only(tmp_path: Path) -> None:
    core = mach_o.library("/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib")
    lay_down(tmp_path, "pkg", "1.0", {CORE: core})
    (found,) = _missing(tmp_path)
    assert found.tried == ("/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib", "/usr/local/lib/libssl.3.dylib")
    lay_down(tmp_path, "omp", "1.0", {"omp/x.so": mach_o.library("@rpath/libo.dylib", rpaths=("/opt/o",))})
    assert len(_missing(tmp_path)) == 2
    elsewhere = RecordedWorld(uname=Uname("Linux", "6", "6", "x86_64"), root=Path("/"))
    assert collect_packages(elsewhere, mac_interpreter(tmp_path)).missing_dependencies == ()


def test_a_path_beside_an_unknown_executable_is_not_judged(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {CORE: mach_o.library("@executable_path/../lib/libx.dylib")})
    assert _missing(tmp_path) == ()


def test_an_openmp_runtime_is_told_once_for_each_distribution(tmp_path: Path) -> None:
    uses = mach_o.library("@loader_path/.dylibs/libomp.dylib")
    files = {CORE: uses, "pkg/more.so": uses, "pkg/.dylibs/libomp.dylib": mach_o.library()}
    lay_down(tmp_path, "pkg", "1.0", files)
    found = collect(tmp_path)
    (use,) = found.openmp_uses
    assert use.distribution == "pkg 1.0"
    assert use.runtime == f"{tmp_path}/pkg/.dylibs/libomp.dylib"
    assert found.openmp_runtimes == ("pkg/.dylibs/libomp.dylib",)


def test_a_module_of_python_itself_that_lost_its_library_is_told(tmp_path: Path) -> None:
    modules = tmp_path / "env/lib/python3.11/lib-dynload"
    modules.mkdir(parents=True)
    (modules / "_ssl.so").write_bytes(mach_o.library("@rpath/libssl.1.1.dylib", rpaths=("@loader_path/../..",)))
    interpreter = replace(mac_interpreter(tmp_path / "site"), base_prefix=str(tmp_path / "env"))
    (found,) = collect_packages(mac_world(), interpreter).missing_dependencies
    assert (found.distribution, found.path) == (None, f"{modules}/_ssl.so")
    assert found.tried == (f"{tmp_path}/env/lib/libssl.1.1.dylib",)
    (tmp_path / "env/lib/libssl.1.1.dylib").touch()
    assert collect_packages(mac_world(), interpreter).missing_dependencies == ()


def test_a_machine_in_a_folder_is_asked_inside_that_folder(tmp_path: Path) -> None:
    site = tmp_path / "env/site"
    core = mach_o.library("@rpath/libx.dylib", "/opt/y/liby.dylib", rpaths=("/opt/x",))
    lay_down(site, "pkg", "1.0", {CORE: core})
    for path in ("opt/x/libx.dylib", "opt/y/liby.dylib"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    world = RecordedWorld(uname=MAC_UNAME, root=tmp_path)
    assert collect_packages(world, mac_interpreter(Path("/env/site"))).missing_dependencies == ()
