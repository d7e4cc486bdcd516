from __future__ import annotations

from pathlib import Path

import pytest

from environments.trees import HOME, LINUX, MAC, WORK, Tree, mach_o
from m1doctor.collect.target import TargetError, choose_target
from m1doctor.errors import UserError
from m1doctor.model.report import TargetKind

OWN = "/nowhere"


def test_the_option_comes_before_everything_else(tree: Tree) -> None:
    python = tree.python_org()
    world = tree.world(environ={"VIRTUAL_ENV": "/other", "PATH": "/usr/local/bin"})
    target = choose_target(world, python=python, own_prefix=OWN)
    assert (target.kind, target.path, target.why) == (TargetKind.PYTHON, python, "--python")


def test_the_link_of_an_environment_is_not_followed(tree: Tree) -> None:
    python = tree.venv(f"{WORK}/.venv", tree.python_org())
    assert choose_target(tree.world(), python=python, own_prefix=OWN).path == python


@pytest.mark.parametrize("given", [".venv", "./.venv", ".venv/", "~/project/.venv", f"{WORK}/.venv", ".venv/bin"])
def test_the_folder_of_an_environment_stands_for_its_python(tree: Tree, given: str) -> None:
    python = tree.venv(f"{WORK}/.venv", tree.python_org())
    assert choose_target(tree.world(), python=given, own_prefix=OWN).path == python


def test_a_conda_prefix_and_a_framework_stand_for_their_python(tree: Tree) -> None:
    conda = tree.conda("/opt/conda/envs/tf")
    tree.python_org("3.11.9")
    assert choose_target(tree.world(), python="/opt/conda/envs/tf", own_prefix=OWN).path == conda
    framework = "/Library/Frameworks/Python.framework/Versions/3.11"
    assert choose_target(tree.world(), python=framework, own_prefix=OWN).path == f"{framework}/bin/python"


@pytest.mark.parametrize("given", ["python3", "3"])
def test_a_name_is_looked_up_on_path(tree: Tree, given: str) -> None:
    tree.python_org()
    target = choose_target(tree.world(environ={"PATH": "/bin:/usr/local/bin"}), python=given, own_prefix=OWN)
    assert target.path == "/usr/local/bin/python3"
    assert "on PATH" in target.why


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("python9", "no command of that name on PATH"),
        ("/nowhere/python", "/nowhere/python does not exist"),
        ("/etc/hosts", "not an executable file"),
        ("/bin/ls", "not called like a Python interpreter"),
        ("/etc", "a folder without a Python in it"),
        ("/opt/dangling/python", "a link to /gone/python3, which does not exist"),
        ("/opt/script/python", "is a script, and which Python it starts cannot be told"),
        ("", "empty path"),
        ("a\0b", "not a path"),
        ("loop/python", "loop/python"),
    ],
)
def test_an_option_that_names_nothing_says_so(tree: Tree, given: str, says: str) -> None:
    tree.file("/etc/hosts")
    tree.file("/bin/ls", mach_o("arm64"), executable=True)
    tree.link("/opt/dangling/python", "/gone/python3")
    tree.file("/opt/script/python", "#!/bin/sh\necho no\n", executable=True)
    tree.link(f"{WORK}/loop", "loop")
    with pytest.raises(TargetError, match=r"(--python|path)") as raised:
        choose_target(tree.world(), python=given, own_prefix=OWN)
    assert says in str(raised.value)
    assert isinstance(raised.value, UserError)


def test_a_wrapper_script_leads_to_the_interpreter_that_it_starts(tree: Tree) -> None:
    python = tree.uv()
    tree.file("/usr/local/bin/python3", f'#!/bin/sh\nexec -a "$0" "{python}" "$@"\n', executable=True)
    target = choose_target(tree.world(), python="/usr/local/bin/python3", own_prefix=OWN)
    assert target.path == python
    assert "wrapper script" in target.why


def test_the_active_environment_is_chosen(tree: Tree) -> None:
    venv = tree.venv("/envs/tf", tree.python_org())
    target = choose_target(tree.world(environ={"VIRTUAL_ENV": "/envs/tf", "CONDA_PREFIX": "/conda"}), own_prefix=OWN)
    assert (target.path, target.why) == (venv, "$VIRTUAL_ENV")


def test_an_active_environment_that_is_gone_is_still_a_target(tree: Tree) -> None:
    target = choose_target(tree.world(environ={"VIRTUAL_ENV": "/envs/gone"}), own_prefix=OWN)
    assert (target.path, target.why) == ("/envs/gone/bin/python", "$VIRTUAL_ENV")


def test_the_conda_environment_comes_next_and_a_passed_over_venv_is_mentioned(tree: Tree) -> None:
    conda = tree.conda("/opt/conda")
    tree.venv(f"{WORK}/.venv", tree.python_org())
    target = choose_target(tree.world(environ={"CONDA_PREFIX": "/opt/conda"}), own_prefix=OWN)
    assert target.path == conda
    assert target.why == f"$CONDA_PREFIX; for {WORK}/.venv give --python {WORK}/.venv"


def test_a_venv_above_the_working_folder_is_found(tree: Tree) -> None:
    python = tree.venv(f"{HOME}/.venv", tree.python_org())
    tree.folder(f"{WORK}/deep/down")
    target = choose_target(tree.world(cwd=f"{WORK}/deep/down"), own_prefix=OWN)
    assert (target.path, target.why) == (python, f".venv in {HOME}")


def test_a_venv_whose_python_is_gone_is_found_too(tree: Tree) -> None:
    tree.venv(f"{WORK}/.venv", "/gone/bin/python3.12")
    assert choose_target(tree.world(), own_prefix=OWN).path == f"{WORK}/.venv/bin/python"


def test_a_folder_that_is_only_called_venv_is_none(tree: Tree) -> None:
    tree.folder(f"{WORK}/.venv")
    tree.python_org()
    target = choose_target(tree.world(environ={"PATH": "/usr/local/bin"}), own_prefix=OWN)
    assert (target.path, target.why) == ("/usr/local/bin/python3", "python3 on PATH")


def test_nothing_at_all_is_an_error_that_says_what_was_looked_for(tree: Tree) -> None:
    with pytest.raises(TargetError, match="no python3 on PATH"):
        choose_target(tree.world(environ={"PATH": "/usr/bin"}), own_prefix=OWN)


def test_a_working_folder_that_was_removed_is_no_crash(tree: Tree) -> None:
    tree.python_org()
    world = tree.world(environ={"PATH": "/usr/local/bin"}, cwd=f"{WORK}/removed")
    assert choose_target(world, own_prefix=OWN).path == "/usr/local/bin/python3"


# --- pyenv ---


@pytest.mark.parametrize(
    ("environ", "file", "content", "source"),
    [
        ({"PYENV_VERSION": "3.11.7"}, None, "", "$PYENV_VERSION"),
        ({}, f"{WORK}/.python-version", "3.11.7\n", f"{WORK}/.python-version"),
        ({}, f"{HOME}/.python-version", "# ours\n3.11\n", f"{HOME}/.python-version"),
        ({}, f"{HOME}/.pyenv/version", "python-3.11.7\n", f"{HOME}/.pyenv/version"),
        ({}, f"{HOME}/.pyenv/version", "2.7.18 3.11.7\n", f"{HOME}/.pyenv/version"),
    ],
)
def test_a_pyenv_shim_is_resolved_without_running_it(
    tree: Tree, environ: dict[str, str], file: str | None, content: str, source: str
) -> None:
    python = tree.pyenv("3.11.7")
    if file is not None:
        tree.file(file, content)
    world = tree.world(environ={"PATH": f"{HOME}/.pyenv/shims", **environ})
    target = choose_target(world, own_prefix=OWN)
    assert target.path == python
    assert target.why.endswith(f"set by {source})")
    assert "pyenv shim" in target.why


def test_pyenv_set_to_system_leads_past_the_shims(tree: Tree) -> None:
    tree.pyenv()
    tree.python_org()
    world = tree.world(environ={"PATH": f"{HOME}/.pyenv/shims:/usr/local/bin"})
    assert choose_target(world, own_prefix=OWN).path == "/usr/local/bin/python3"


def test_a_shim_without_its_version_is_passed_over_and_told_where_nothing_else_is(tree: Tree) -> None:
    tree.pyenv()
    tree.file(f"{WORK}/.python-version", "3.9.1\n")
    world = tree.world(environ={"PATH": f"{HOME}/.pyenv/shims"})
    with pytest.raises(TargetError, match=r"pyenv shim, and 3\.9\.1 \(set by .*\.python-version\) has no python3"):
        choose_target(world, own_prefix=OWN)


def test_shims_that_lead_to_each_other_end(tree: Tree) -> None:
    tree.file("/a/python3", '#!/bin/sh\nexec "/b/python3" "$@"\n', executable=True)
    tree.file("/b/python3", '#!/bin/sh\nexec "/a/python3" "$@"\n', executable=True)
    with pytest.raises(TargetError, match="from script to script"):
        choose_target(tree.world(), python="/a/python3", own_prefix=OWN)


# --- Apple's stub ---


def test_apples_stub_leads_to_the_command_line_tools(tree: Tree) -> None:
    tools = "/Library/Developer/CommandLineTools"
    tree.base(f"{tools}/Library/Frameworks/Python3.framework/Versions/3.9", "3.9.6", mach_o("x86_64", "arm64e"))
    tree.link(f"{tools}/usr/bin/python3", "../../Library/Frameworks/Python3.framework/Versions/3.9/bin/python3")
    tree.file("/usr/bin/python3", mach_o("x86_64", "arm64e"), executable=True)
    target = choose_target(tree.world(environ={"PATH": "/usr/bin"}), own_prefix=OWN)
    assert target.path == f"{tools}/usr/bin/python3"
    assert "stub" in target.why


def test_the_selected_xcode_comes_before_the_tools(tree: Tree) -> None:
    xcode = "/Applications/Xcode-16.app/Contents/Developer"
    tree.file(f"{xcode}/usr/bin/python3", mach_o("arm64"), executable=True)
    tree.file("/Library/Developer/CommandLineTools/usr/bin/python3", mach_o("arm64"), executable=True)
    tree.file("/usr/bin/python3", mach_o("arm64"), executable=True)
    tree.link("/var/db/xcode_select_link", xcode)
    target = choose_target(tree.world(environ={"PATH": "/usr/bin"}), own_prefix=OWN)
    assert target.path == f"{xcode}/usr/bin/python3"


def test_a_stub_with_nothing_behind_it_is_never_the_target(tree: Tree) -> None:
    tree.file("/usr/bin/python3", mach_o("x86_64", "arm64e"), executable=True)
    with pytest.raises(TargetError, match="stub, and no Command Line Tools"):
        choose_target(tree.world(environ={"PATH": "/usr/bin"}), own_prefix=OWN)
    brew = tree.homebrew()
    world = tree.world(environ={"PATH": "/usr/bin:/opt/homebrew/bin"})
    assert choose_target(world, own_prefix=OWN).path == brew


def test_the_same_path_on_linux_is_the_system_python(tree: Tree) -> None:
    tree.base("/usr", "3.11.2", headers=False)
    world = tree.world(LINUX, environ={"PATH": "/usr/bin"})
    assert choose_target(world, own_prefix=OWN).path == "/usr/bin/python3"


# --- our own environment ---


@pytest.mark.parametrize(
    ("prefix", "receipt"),
    [
        (f"{HOME}/.local/share/uv/tools/m1doctor", "uv-receipt.toml"),
        (f"{HOME}/.local/pipx/venvs/m1doctor", "pipx_metadata.json"),
        (f"{HOME}/.cache/uv/archive-v0/abc123", None),
    ],
)
def test_our_own_tool_environment_is_passed_over_on_path(tree: Tree, prefix: str, receipt: str | None) -> None:
    tree.venv(prefix, tree.uv(), uv=True)
    if receipt:
        tree.file(f"{prefix}/{receipt}")
    tree.python_org()
    world = tree.world(environ={"PATH": f"{prefix}/bin:/usr/local/bin"})
    assert choose_target(world, own_prefix=prefix).path == "/usr/local/bin/python3"
    alone = choose_target(tree.world(environ={"PATH": f"{prefix}/bin"}), own_prefix=prefix)
    assert alone.path == f"{prefix}/bin/python3"
    assert "m1doctor itself" in alone.why


def test_an_environment_that_m1doctor_was_installed_into_is_a_target(tree: Tree) -> None:
    python = tree.venv("/opt/venv", tree.uv())
    world = tree.world(environ={"PATH": "/opt/venv/bin"})
    target = choose_target(world, own_prefix="/opt/venv")
    assert (target.path, target.why) == (f"{python}3", "python3 on PATH")


def test_a_tool_environment_with_tensorflow_in_it_is_meant(tree: Tree) -> None:
    prefix = f"{HOME}/.cache/uv/archive-v0/abc"
    tree.venv(prefix, tree.uv())
    tree.folder(f"{prefix}/lib/python3.12/site-packages/tensorflow")
    world = tree.world(environ={"PATH": f"{prefix}/bin"})
    assert choose_target(world, own_prefix=prefix).why == "python3 on PATH"


# --- folders ---


@pytest.mark.parametrize("given", ["venv", "venv/lib", "venv/lib/python3.12", "venv/lib/python3.12/site-packages"])
def test_a_folder_or_the_environment_around_it_is_understood(tree: Tree, given: str) -> None:
    tree.venv(f"{WORK}/venv", tree.python_org())
    site = f"{WORK}/venv/lib/python3.12/site-packages"
    tree.installed(site, "numpy", "1.26.4")
    target = choose_target(tree.world(), site_packages=given, own_prefix=OWN)
    assert (target.kind, target.path) == (TargetKind.FOLDER, site)
    assert target.why.startswith("--site-packages")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("/nowhere", "no such folder"),
        ("/etc/hosts", "not a folder"),
        ("/empty", "no packages in /empty"),
        (f"{WORK}/venv", "no packages in"),
        ("/two", "several folders of packages"),
    ],
)
def test_a_folder_without_packages_is_an_error(tree: Tree, given: str, says: str) -> None:
    tree.file("/etc/hosts")
    tree.folder("/empty")
    tree.venv(f"{WORK}/venv", tree.python_org())
    tree.installed("/two/lib/python3.11/site-packages", "numpy", "1")
    tree.installed("/two/lib/python3.12/site-packages", "numpy", "1")
    with pytest.raises(TargetError, match="--site-packages") as raised:
        choose_target(tree.world(), site_packages=given, own_prefix=OWN)
    assert says in str(raised.value)


def test_both_options_exclude_each_other(tree: Tree) -> None:
    with pytest.raises(TargetError, match="exclude each other"):
        choose_target(tree.world(MAC), python="python3", site_packages="/x", own_prefix=OWN)


def test_packages_for_windows_are_refused_by_name(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    tree.installed("/data/site", "six", "1.17.0", "py2-none-any", "py3-none-any")
    tree.installed("/data/site", "tensorflow_intel", "2.15.0", "cp311-cp311-win_amd64")
    with pytest.raises(TargetError, match=r"--site-packages /data/site: packages for Windows"):
        choose_target(tree.world(), site_packages="/data/site", own_prefix="/nowhere")
