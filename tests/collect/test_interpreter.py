from __future__ import annotations

import os
from pathlib import Path

import pytest

from environments import real
from environments.trees import (
    APPLE_SILICON,
    HOME,
    INTEL,
    LINUX,
    MAC,
    NO_HOST,
    ROSETTA_SHELL,
    WORK,
    Tree,
    elf,
    mach_o,
)
from m1doctor.collect.interpreter import collect_interpreter
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld, Uname
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter, Vendor
from m1doctor.model.report import Target, TargetKind
from m1doctor.model.unknown import UnknownKind

OWN = "/nowhere"


def collect(
    tree: Tree,
    python: str,
    host: Host | None = APPLE_SILICON,
    *,
    uname: Uname = MAC,
    environ: dict[str, str] | None = None,
    why: str = "--python",
) -> Interpreter:
    target = Target(kind=TargetKind.PYTHON, path=python, why=why)
    return collect_interpreter(tree.world(uname, environ), target, host, own_prefix=OWN)


def of_folder(tree: Tree, folder: str) -> Interpreter:
    target = choose_target(tree.world(), site_packages=folder, own_prefix=OWN)
    return collect_interpreter(tree.world(), target, None, own_prefix=OWN)


def every_gap_has_its_reason(found: Interpreter) -> None:
    for name in Interpreter.__dataclass_fields__:
        if getattr(found, name) is None:
            assert found.unknown[name].reason, name
        else:
            assert name not in found.unknown, name


# --- vendors and layouts ---


def test_python_org(tree: Tree) -> None:
    found = collect(tree, tree.python_org("3.12.4"))
    assert found.vendor is Vendor.PYTHON_ORG
    assert found.version == "3.12.4"
    assert found.slices == ("x86_64", "arm64")
    assert found.base_prefix == "/Library/Frameworks/Python.framework/Versions/3.12"
    assert found.site_folders == (f"{found.base_prefix}/lib/python3.12/site-packages",)
    assert found.sdk == "14.5"
    every_gap_has_its_reason(found)


def test_homebrew_keeps_packages_outside_of_the_cellar(tree: Tree) -> None:
    found = collect(tree, tree.homebrew("3.13.5"))
    assert found.vendor is Vendor.HOMEBREW
    assert found.version == "3.13.5"
    assert found.site_folders == ("/opt/homebrew/lib/python3.13/site-packages",)
    # What TensorFlow takes for a second folder, and loads the plugins of again.
    cellar = "/opt/homebrew/Cellar/python@3.13/3.13.5/Frameworks/Python.framework/Versions/3.13"
    assert found.site_aliases == (f"{cellar}/lib/python3.13/site-packages",)
    every_gap_has_its_reason(found)


def test_an_environment_made_from_homebrew_names_its_folder_once(tree: Tree) -> None:
    base = tree.homebrew("3.13.5")
    found = collect(tree, tree.venv(f"{WORK}/.venv", base, "3.13.5"))
    assert found.site_aliases == ()
    assert found.externally_managed is False


def test_a_second_name_in_pythonpath_is_an_alias_where_tensorflow_would_follow_it(tree: Tree) -> None:
    venv = tree.venv(f"{WORK}/.venv", tree.uv("3.12.9"), "3.12.9")
    site = f"{WORK}/.venv/lib/python3.12/site-packages"
    tree.link("/data/site-packages", site)
    tree.link("/data/packages", site)
    found = collect(tree, venv, environ={"PYTHONPATH": f"{site}/:/data/packages:/data/site-packages"})
    assert found.site_aliases == ("/data/site-packages",)


def test_a_python_that_its_vendor_keeps_to_itself_says_so(tree: Tree) -> None:
    python = tree.homebrew("3.13.5")
    library = "/opt/homebrew/Cellar/python@3.13/3.13.5/Frameworks/Python.framework/Versions/3.13/lib/python3.13"
    assert collect(tree, python).externally_managed is False
    tree.file(f"{library}/EXTERNALLY-MANAGED", "[externally-managed]\n")
    assert collect(tree, python).externally_managed is True


def test_a_homebrew_environment_as_its_pyvenv_cfg_was_captured(tree: Tree) -> None:
    tree.homebrew("3.13.5")
    base = "/opt/homebrew/opt/python@3.13/bin/python3.13"
    python = tree.venv(f"{WORK}/test_venv", base, "3.13.5")
    captured = real.SHARED / "captures" / "pyvenv.cfg.homebrew-3.13.txt"
    if not captured.exists():
        pytest.skip("the captures of real Macs are not at hand")
    tree.file(f"{WORK}/test_venv/pyvenv.cfg", captured.read_text())
    found = collect(tree, python)
    environment = found.virtual_environment
    assert environment is not None
    assert (environment.home, environment.home_exists) == ("/opt/homebrew/opt/python@3.13/bin", True)
    assert environment.base_executable_exists is True
    assert environment.creator == "venv"
    assert found.vendor is Vendor.HOMEBREW
    assert found.version == "3.13.5"
    assert found.site_folders == (f"{WORK}/test_venv/lib/python3.13/site-packages",)
    every_gap_has_its_reason(found)


def test_command_line_tools_with_the_users_folder_first(tree: Tree) -> None:
    prefix = "/Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9"
    python = tree.base(prefix, "3.9.6", mach_o("x86_64", "arm64e"))
    user = tree.folder(f"{HOME}/Library/Python/3.9/lib/python/site-packages")
    system = tree.folder("/Library/Python/3.9/site-packages")
    found = collect(tree, python)
    assert found.vendor is Vendor.COMMAND_LINE_TOOLS
    assert found.version == "3.9.6"
    assert found.slices == ("x86_64", "arm64e")
    assert found.machine == "arm64"
    assert found.site_folders == (user, f"{prefix}/lib/python3.9/site-packages", system)


def test_uv(tree: Tree) -> None:
    found = collect(tree, tree.venv(f"{WORK}/.venv", tree.uv("3.12.9"), "3.12.9", uv=True))
    assert found.vendor is Vendor.UV
    assert found.version == "3.12.9"
    assert found.virtual_environment is not None
    assert found.virtual_environment.creator == "uv 0.9.2"
    every_gap_has_its_reason(found)


def test_conda(tree: Tree) -> None:
    found = collect(tree, tree.conda("/opt/conda/envs/tf", "3.11.7"))
    assert found.vendor is Vendor.CONDA
    assert found.conda is not None
    assert (found.conda.subdir, found.conda.python_version) == ("osx-arm64", "3.11.7")
    assert found.conda.python_build == "hb885b13_0"
    assert found.version == "3.11.7"
    every_gap_has_its_reason(found)


def test_a_virtual_environment_on_conda_knows_its_conda(tree: Tree) -> None:
    base = tree.conda("/opt/conda", subdir="osx-64")
    found = collect(tree, tree.venv(f"{WORK}/.venv", base, "3.11.7"))
    assert found.conda is not None
    assert found.conda.subdir == "osx-64"
    assert found.virtual_environment is not None


def test_a_conda_environment_without_python(tree: Tree) -> None:
    tree.file("/opt/conda/envs/empty/conda-meta/history")
    found = collect(tree, "/opt/conda/envs/empty/bin/python")
    assert found.executable_exists is False
    assert found.conda is not None
    assert found.conda.python_version is None
    every_gap_has_its_reason(found)


def test_pyenv_macports_and_debian(tree: Tree) -> None:
    assert collect(tree, tree.pyenv("3.11.7")).vendor is Vendor.PYENV
    ports = tree.base("/opt/local/Library/Frameworks/Python.framework/Versions/3.11", "3.11.9")
    assert collect(tree, ports).vendor is Vendor.MACPORTS
    debian = tree.base("/usr", "3.11.2", elf() + b"\0" * 64 + b"\x003.11.2\0", headers=False)
    tree.folder("/usr/lib/python3/dist-packages")
    local = tree.folder("/usr/local/lib/python3.11/dist-packages")
    found = collect(tree, debian, None, uname=LINUX)
    assert (found.vendor, found.version) == (Vendor.SYSTEM, "3.11.2")
    assert found.site_folders[:2] == (local, "/usr/lib/python3/dist-packages")
    every_gap_has_its_reason(found)


def test_a_place_that_tells_no_vendor_says_so(tree: Tree) -> None:
    found = collect(tree, tree.base("/srv/odd", "3.11.1"))
    assert found.vendor is None
    every_gap_has_its_reason(found)


def test_the_headers_count_more_than_what_pyvenv_cfg_remembers(tree: Tree) -> None:
    found = collect(tree, tree.venv(f"{WORK}/.venv", tree.python_org("3.12.4"), "3.12.1"))
    assert found.version == "3.12.4"
    assert found.virtual_environment is not None
    assert found.virtual_environment.made_for == "3.12.1"


def test_a_free_threaded_build_has_folders_of_its_own(tree: Tree) -> None:
    python = tree.base("/opt/python", "3.13.1")
    tree.file("/opt/python/bin/python3.13t", mach_o("arm64"), executable=True)
    tree.file("/opt/python/lib/python3.13t/os.py")
    site = tree.folder("/opt/python/lib/python3.13t/site-packages")
    assert collect(tree, "/opt/python/bin/python3.13t").site_folders == (site,)
    assert collect(tree, python).site_folders == ("/opt/python/lib/python3.13/site-packages",)


def test_of_several_standard_libraries_that_of_the_executable_counts(tree: Tree) -> None:
    older = tree.base("/usr/local", "3.9.19")
    tree.at("/usr/local/bin/python3").unlink()
    tree.at("/usr/local/bin/python").unlink()
    newer = tree.base("/usr/local", "3.12.4")
    assert collect(tree, older).version == "3.9.19"
    assert collect(tree, newer).version == "3.12.4"


# --- architectures and translation ---


@pytest.mark.parametrize(
    ("slices", "host", "machine", "translated"),
    [
        (("arm64",), APPLE_SILICON, "arm64", False),
        (("arm64",), ROSETTA_SHELL, "arm64", False),
        (("arm64",), None, "arm64", False),
        (("x86_64",), APPLE_SILICON, "x86_64", True),
        (("x86_64",), INTEL, "x86_64", False),
        (("x86_64",), NO_HOST, "x86_64", None),
        (("x86_64",), None, "x86_64", None),
        (("x86_64", "arm64"), APPLE_SILICON, "arm64", False),
        (("x86_64", "arm64"), ROSETTA_SHELL, "x86_64", True),
        (("x86_64", "arm64e"), ROSETTA_SHELL, "x86_64", True),
        (("x86_64", "arm64"), INTEL, "x86_64", False),
        (("x86_64", "arm64"), NO_HOST, None, None),
        (("x86_64", "arm64"), Host(apple_silicon=True), None, None),
        (("x86_64", "arm64"), Host(apple_silicon=True, process_translated=False), "arm64", False),
        (("x86_64", "arm64"), Host(apple_silicon=True, process_translated=True), None, None),
        (
            ("x86_64", "arm64"),
            Host(apple_silicon=True, process_translated=True, parent_translated=False),
            "arm64",
            False,
        ),
        (
            ("x86_64", "arm64"),
            Host(apple_silicon=True, process_translated=False, parent_translated=True),
            "x86_64",
            True,
        ),
    ],
)
def test_slices_hardware_and_shell_decide_what_a_process_is(
    tree: Tree,
    slices: tuple[str, ...],
    host: Host | None,
    machine: str | None,
    translated: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    found = collect(tree, tree.base("/opt/python", "3.11.9", mach_o(*slices)), host)
    assert (found.machine, found.translated) == (machine, translated)
    every_gap_has_its_reason(found)


def test_a_linux_python_is_never_translated_by_rosetta(tree: Tree) -> None:
    found = collect(tree, tree.base("/opt/python", "3.11.9", elf(183)), None, uname=LINUX)
    assert (found.system, found.machine, found.slices) == ("Linux", "aarch64", ("aarch64",))
    assert found.unknown["translated"].kind is UnknownKind.NOT_APPLICABLE
    assert found.unknown["sdk"].kind is UnknownKind.NOT_APPLICABLE


@pytest.mark.parametrize("content", [b"", b"\xca\xfe\xba\xbe", b"garbage" * 100, mach_o("arm64")[:40]])
def test_an_executable_that_cannot_be_read_is_unknown_with_the_reason(tree: Tree, content: bytes) -> None:
    python = tree.base("/opt/python", "3.11.9")
    tree.file(python, content, executable=True)
    found = collect(tree, python)
    assert (found.slices, found.machine, found.translated) == (None, None, None)
    assert "could not be read" in found.unknown["slices"].reason
    assert found.version == "3.11.9"
    every_gap_has_its_reason(found)


# --- search path ---


def test_the_search_path_is_in_pythons_own_order(tree: Tree) -> None:
    base = tree.python_org("3.12.4")
    user = tree.folder(f"{HOME}/Library/Python/3.12/lib/python/site-packages")
    tree.installed("/opt/extra", "numpy", "1.0")
    found = collect(tree, base, environ={"PYTHONPATH": "/opt/extra::/nowhere"})
    assert found.site_folders == ("/opt/extra", user, f"{found.base_prefix}/lib/python3.12/site-packages")


def test_a_virtual_environment_leaves_the_user_out(tree: Tree) -> None:
    base = tree.python_org("3.12.4")
    user = tree.folder(f"{HOME}/Library/Python/3.12/lib/python/site-packages")
    closed = collect(tree, tree.venv(f"{WORK}/closed", base))
    assert closed.site_folders == (f"{WORK}/closed/lib/python3.12/site-packages",)
    opened = collect(tree, tree.venv(f"{WORK}/open", base, system=True))
    assert opened.site_folders == (
        f"{WORK}/open/lib/python3.12/site-packages",
        user,
        f"{opened.base_prefix}/lib/python3.12/site-packages",
    )


def test_pythonnousersite_and_pythonuserbase_are_heeded(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.11.7")
    user = tree.folder(f"{HOME}/.local/lib/python3.11/site-packages")
    other = tree.folder("/srv/user/lib/python3.11/site-packages")
    own = "/opt/conda/lib/python3.11/site-packages"
    assert collect(tree, python).site_folders == (user, own)
    assert collect(tree, python, environ={"PYTHONNOUSERSITE": "1"}).site_folders == (own,)
    assert collect(tree, python, environ={"PYTHONUSERBASE": "/srv/user"}).site_folders == (other, own)


def test_folders_of_pth_files_come_after_the_folder_that_holds_the_file(tree: Tree) -> None:
    python = tree.venv(f"{WORK}/.venv", tree.python_org())
    site = f"{WORK}/.venv/lib/python3.12/site-packages"
    tree.file(
        f"{site}/a.pth", "/opt/source\nimport os; os.abort()\n# a comment\n\n../sideways/site-packages\n/missing\n"
    )
    tree.folder("/opt/source")
    tree.installed(f"{WORK}/.venv/lib/python3.12/sideways/site-packages", "keras", "3.0")
    assert collect(tree, python).site_folders == (site, f"{WORK}/.venv/lib/python3.12/sideways/site-packages")
    tree.installed("/opt/source", "project", "0.1")
    assert "/opt/source" in collect(tree, python).site_folders


def test_an_environment_laid_over_another_sees_both(tree: Tree) -> None:
    base = tree.uv()
    tree.venv(f"{WORK}/.venv", base, uv=True)
    over = tree.venv(f"{HOME}/.cache/uv/builds-v0/x", base, uv=True)
    with tree.at(f"{HOME}/.cache/uv/builds-v0/x/pyvenv.cfg").open("a") as file:
        file.write(f"extends-environment = {WORK}/.venv\n")
    assert collect(tree, over).site_folders == (
        f"{HOME}/.cache/uv/builds-v0/x/lib/python3.12/site-packages",
        f"{WORK}/.venv/lib/python3.12/site-packages",
    )


def test_a_broken_environment_still_tells_what_was_installed_in_it(tree: Tree) -> None:
    python = tree.venv(f"{WORK}/.venv", "/gone/bin/python3.12", "3.12.4")
    found = collect(tree, python)
    assert found.executable_exists is False
    assert found.version == "3.12.4"
    assert found.site_folders == (f"{WORK}/.venv/lib/python3.12/site-packages",)
    environment = found.virtual_environment
    assert environment is not None
    assert (environment.home_exists, environment.base_executable_exists) == (False, False)
    assert environment.base_executable == "/gone/bin/python3.12"
    every_gap_has_its_reason(found)


def test_an_environment_whose_python_became_another_version(tree: Tree) -> None:
    base = tree.homebrew("3.13.5")
    python = tree.venv(f"{WORK}/.venv", base, "3.12.4", minor="3.12")
    found = collect(tree, python)
    assert found.version == "3.13.5"
    assert found.virtual_environment is not None
    assert found.virtual_environment.library_folders == ("3.12",)
    assert found.site_folders == (f"{WORK}/.venv/lib/python3.12/site-packages",)


def test_an_active_environment_that_does_not_exist(tree: Tree) -> None:
    found = collect(tree, "/envs/gone/bin/python", why="$VIRTUAL_ENV")
    assert found.virtual_environment is not None
    assert found.virtual_environment.exists is False
    assert found.site_folders == ()
    every_gap_has_its_reason(found)


def test_an_active_environment_that_was_emptied(tree: Tree) -> None:
    tree.folder("/envs/empty")
    environment = collect(tree, "/envs/empty/bin/python", why="$VIRTUAL_ENV").virtual_environment
    assert environment is not None
    assert (environment.exists, environment.home) == (True, None)


def without_settings(tree: Tree, prefix: str) -> list[str]:
    """An environment whose `pyvenv.cfg` is to be written: its Python and the path of that file."""
    python = tree.venv(prefix, tree.python_org())
    path = f"{prefix}/pyvenv.cfg"
    tree.at(path).unlink()
    return [python, path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00home",
        b"home = \xff\xff\n",
        b"home = \x00\n",
        b"home = " + b"x" * 10_000,
        b"home = /a\n" * 100_000,
        b"home =\nversion_info = not.a.version\n",
        b"home = ..\nversion = 3\n",
    ],
)
def test_a_hostile_pyvenv_cfg_is_described_as_far_as_it_goes(tree: Tree, content: bytes) -> None:
    python, path = without_settings(tree, f"{WORK}/.venv")
    tree.file(path, content)
    found = collect(tree, python)
    assert found.version == "3.12.4"
    assert found.machine == "arm64"
    assert found.virtual_environment is not None
    every_gap_has_its_reason(found)


def test_files_that_are_folders_and_links_that_go_round_are_no_crash(tree: Tree) -> None:
    python = tree.venv(f"{WORK}/.venv", tree.python_org())
    site = f"{WORK}/.venv/lib/python3.12/site-packages"
    tree.folder(f"{site}/folder.pth")
    tree.file(f"{site}/nul.pth", b"\0\0\n/\xff\n" + b"a" * 9000 + b"\n")
    tree.link(f"{site}/round.pth", "round.pth")
    tree.link(f"{site}/loop", ".")
    tree.file(f"{site}/many.pth", "".join(f"/opt/{number}\n" for number in range(20_000)))
    tree.folder(f"{HOME}/.python-version")
    found = collect(tree, python, environ={"PYTHONPATH": f"{site}/loop/loop:{site}/round.pth:\0"})
    assert found.version == "3.12.4"
    every_gap_has_its_reason(found)
    tree.at(python).unlink()
    tree.link(python, "python")
    every_gap_has_its_reason(collect(tree, python))


def test_a_conda_record_that_is_no_record_leaves_the_platform_unknown(tree: Tree) -> None:
    for number, content in enumerate([b"", b"[]", b"[" * 100_000, b'{"subdir": 3}', b"\xff\xfe", b'{"subdir": ""}']):
        prefix = f"/opt/conda{number}"
        python = tree.conda(prefix, "3.11.7")
        tree.file(f"{prefix}/conda-meta/python-3.11.7-hb885b13_0.json", content)
        conda = collect(tree, python).conda
        assert conda is not None
        assert conda.subdir is None


def test_an_old_conda_record_names_its_platform_in_its_channel(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.8.18")
    record = '{"name": "python", "channel": "https://repo.example/pkgs/main/osx-64"}'
    tree.file("/opt/conda/conda-meta/python-3.8.18-hb885b13_0.json", record)
    conda = collect(tree, python).conda
    assert conda is not None
    assert conda.subdir == "osx-64"


def test_a_copied_interpreter_finds_its_original_by_home(tree: Tree) -> None:
    tree.base("/opt/python", "3.12.4")
    python = tree.venv(f"{WORK}/.venv", "/opt/python/bin/python3.12")
    tree.at(python).unlink()
    tree.file(python, mach_o("arm64"), executable=True)
    found = collect(tree, python)
    assert found.virtual_environment is not None
    assert found.virtual_environment.base_executable == "/opt/python/bin/python3.12"
    assert found.base_prefix == "/opt/python"


# --- markers ---


def test_markers_are_the_targets(tree: Tree) -> None:
    found = collect(tree, tree.uv("3.12.9"))
    assert found.marker_environment == {
        "implementation_name": "cpython",
        "implementation_version": "3.12.9",
        "os_name": "posix",
        "platform_machine": "arm64",
        "platform_python_implementation": "CPython",
        "platform_release": "24.5.0",
        "platform_system": "Darwin",
        "platform_version": MAC.version,
        "python_full_version": "3.12.9",
        "python_version": "3.12",
        "sys_platform": "darwin",
    }


def test_a_translated_python_has_the_markers_of_an_intel_mac(tree: Tree) -> None:
    found = collect(tree, tree.base("/opt/python", "3.11.9", mach_o("x86_64")))
    assert found.marker_environment["platform_machine"] == "x86_64"
    assert "RELEASE_ARM64" in found.marker_environment["platform_version"]


# --- build settings ---


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("_sysconfigdata__darwin_darwin.py", "build_time_vars = {'MACOSX_DEPLOYMENT_TARGET': '10.13',\n 'X': 1}"),
        ("config-3.12-darwin/Makefile", "CC=\tclang\nMACOSX_DEPLOYMENT_TARGET=10.13\n"),
    ],
)
def test_the_deployment_target_is_read_as_text(tree: Tree, path: str, content: str) -> None:
    python = tree.python_org("3.12.4")
    tree.file(f"/Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/{path}", content)
    assert collect(tree, python).deployment_target == "10.13"


# --- folders ---

ARM = "cp311-cp311-macosx_12_0_arm64"


def test_a_folder_is_told_by_the_tags_of_its_wheels(tree: Tree) -> None:
    tree.installed("/pkgs", "numpy", "1.26.4", "cp311-cp311-macosx_11_0_arm64")
    tree.installed("/pkgs", "tensorflow", "2.18.1", ARM)
    tree.installed("/pkgs", "six", "1.16.0", "py2-none-any", "py3-none-any")
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.system, found.machine) == ("3.11", "Darwin", "arm64")
    assert found.site_folders == ("/pkgs",)
    assert found.marker_environment["python_full_version"] == "3.11.0"
    assert found.executable is None
    every_gap_has_its_reason(found)


def test_one_foreign_wheel_does_not_change_what_the_folder_is(tree: Tree) -> None:
    for name in ("numpy", "h5py", "grpcio"):
        tree.installed("/pkgs", name, "1.0", ARM)
    tree.installed("/pkgs", "wrapt", "1.0", "cp310-cp310-macosx_10_9_x86_64")
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.machine) == ("3.11", "arm64")


def test_native_files_outvote_the_tags_of_their_wheels(tree: Tree) -> None:
    # tensorflow-macos 2.11 and 2.12 and tensorflow-metal 0.7.1 are arm64 under a WHEEL file that says x86_64.
    for name, library in (("tensorflow", "libtensorflow_framework.2.dylib"), ("tensorflow-plugins", "libmetal.dylib")):
        tree.installed("/pkgs", name, "2.11.0", "cp310-cp310-macosx_12_0_x86_64")
        tree.file(f"/pkgs/{name}/{library}", mach_o("arm64"))
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.system, found.machine) == ("3.10", "Darwin", "arm64")


def test_tensorflow_decides_where_the_native_files_are_even(tree: Tree) -> None:
    tree.file("/pkgs/numpy/__init__.py")
    tree.file("/pkgs/numpy/core/_multiarray.cpython-311-darwin.so", mach_o("x86_64"))
    tree.file("/pkgs/tensorflow/libtensorflow_framework.2.dylib", mach_o("arm64"))
    assert of_folder(tree, "/pkgs").machine == "arm64"


def test_a_linux_folder_is_told_by_its_tags(tree: Tree) -> None:
    tags = ("cp312-cp312-manylinux_2_17_aarch64", "cp312-cp312-manylinux2014_aarch64")
    tree.installed("/pkgs", "numpy", "1.26.4", *tags)
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.system, found.machine) == ("3.12", "Linux", "aarch64")


def test_without_metadata_the_names_and_heads_of_native_files_tell(tree: Tree) -> None:
    tree.file("/pkgs/numpy/__init__.py")
    tree.file("/pkgs/numpy/core/_multiarray.cpython-311-darwin.so", mach_o("x86_64"))
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.system, found.machine) == ("3.11", "Darwin", "x86_64")


def test_a_folder_of_pure_packages_tells_nothing_of_its_machine(tree: Tree) -> None:
    tree.installed("/pkgs", "six", "1.16.0", "py3-none-any")
    found = of_folder(tree, "/pkgs")
    assert (found.version, found.system, found.machine) == (None, None, None)
    assert found.marker_environment["platform_machine"] == ""
    every_gap_has_its_reason(found)


def test_the_folder_of_an_environment_takes_its_version_from_there(tree: Tree) -> None:
    tree.venv(f"{WORK}/.venv", "/gone/python3.12", "3.12.4")
    tree.installed(f"{WORK}/.venv/lib/python3.12/site-packages", "six", "1.16.0", "py3-none-any")
    assert of_folder(tree, f"{WORK}/.venv").version == "3.12.4"


def test_the_folder_of_a_conda_environment_knows_its_subdir(tree: Tree) -> None:
    tree.conda("/opt/conda", "3.11.7", subdir="osx-64")
    tree.installed("/opt/conda/lib/python3.11/site-packages", "six", "1.16.0", "py3-none-any")
    found = of_folder(tree, "/opt/conda")
    assert found.conda is not None
    assert (found.conda.subdir, found.version) == ("osx-64", "3.11.7")


@pytest.mark.real_wheels
@pytest.mark.parametrize(
    ("platform", "python", "system", "machine"),
    [
        ("aarch64-apple-darwin", "3.11", "Darwin", "arm64"),
        ("x86_64-apple-darwin", "3.12", "Darwin", "x86_64"),
        ("x86_64-unknown-linux-gnu", "3.10", "Linux", "x86_64"),
    ],
)
def test_a_folder_of_real_wheels_tells_its_interpreter(platform: str, python: str, system: str, machine: str) -> None:
    folder = real.mac_packages("numpy==1.26.4", "wrapt==1.16.0", python=python, platform=platform)
    target = Target(kind=TargetKind.FOLDER, path=str(folder), why="--site-packages")
    found = collect_interpreter(LiveWorld(), target, None)
    assert (found.version, found.system, found.machine) == (python, system, machine)


@pytest.mark.real_wheels
@pytest.mark.parametrize("python", ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"])
def test_a_real_environment_is_described_as_it_describes_itself(python: str, tmp_path: Path) -> None:
    import json  # noqa: PLC0415 - the environment describes itself in JSON
    import subprocess  # noqa: PLC0415 - the truth to compare with comes from running it

    import uv  # noqa: PLC0415 - see `real`

    venv = tmp_path / "env"
    # The versions of a pyenv are on PATH only one at a time.
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    path = ":".join([*(str(each / "bin") for each in versions.glob("3.*")), os.environ.get("PATH", "")])
    made = subprocess.run(
        [uv.find_uv_bin(), "venv", "--quiet", "--no-config", "--no-python-downloads", "--python", python, str(venv)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )
    if made.returncode != 0:
        pytest.skip(f"there is no Python {python} on this machine")
    script = (
        "import json, os, platform, site, sys; print(json.dumps([platform.python_version(), sys.base_prefix, "
        "platform.machine(), site.getsitepackages(), os.path.realpath(sys.executable), platform.release()]))"
    )
    told = subprocess.run([str(venv / "bin/python"), "-c", script], check=True, capture_output=True, text=True)
    version, base, machine, sites, executable, release = json.loads(told.stdout)
    target = choose_target(LiveWorld(), python=str(venv))
    found = collect_interpreter(LiveWorld(), target, None)
    assert found.version == version
    assert found.base_prefix is not None
    assert Path(found.base_prefix).resolve() == Path(base).resolve()
    assert found.machine == machine
    assert list(found.site_folders) == sites
    assert found.real_executable == executable
    assert found.marker_environment["platform_release"] == release
    every_gap_has_its_reason(found)
