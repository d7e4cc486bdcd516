from __future__ import annotations

import json

import pytest

from environments.trees import HOME, WORK, Tree
from m1doctor.collect.interpreter import collect_interpreter
from m1doctor.collect.target import choose_target
from m1doctor.model.interpreter import Neighbour


def neighbours(
    tree: Tree, *, python: str | None = None, own_prefix: str = "/nowhere", **environ: str
) -> dict[str, Neighbour]:
    world = tree.world(environ=environ)
    target = choose_target(world, python=python, own_prefix=own_prefix)
    found = collect_interpreter(world, target, None, own_prefix=own_prefix).neighbours
    assert found is not None
    return {each.role: each for each in found}


def claimed_by_others(found: dict[str, Neighbour]) -> set[str]:
    """Roles of the neighbours that claim to be this environment and are not."""
    return {role for role, each in found.items() if each.claim is not None and each.same_environment is False}


def kernel(tree: Tree, folder: str, python: str, display: str = "Python 3 (ipykernel)") -> None:
    document = {"argv": [python, "-m", "ipykernel_launcher"], "display_name": display, "language": "python"}
    tree.file(f"{folder}/kernel.json", json.dumps(document))


def healthy(tree: Tree) -> str:
    """An activated environment with its own pip and kernel, and a Homebrew Python behind it on PATH."""
    tree.homebrew()
    tree.script("/opt/homebrew/bin/pip3", "/opt/homebrew/opt/python@3.13/bin/python3.13")
    python = tree.venv("/envs/tf", tree.python_org())
    tree.installed("/envs/tf/lib/python3.12/site-packages", "pip", "24.2")
    for name in ("pip", "pip3"):
        tree.script(f"/envs/tf/bin/{name}", python)
    kernel(tree, "/envs/tf/share/jupyter/kernels/python3", "python")
    return python


def test_an_activated_environment_with_all_its_own_tools_has_no_quarrel(tree: Tree) -> None:
    healthy(tree)
    found = neighbours(tree, VIRTUAL_ENV="/envs/tf", PATH="/envs/tf/bin:/opt/homebrew/bin:/usr/bin")
    assert claimed_by_others(found) == set()
    assert found["pip of this environment"].same_environment is True
    assert found["python on PATH"].same_environment is True
    assert found["python3 on PATH"].same_environment is True


def test_a_path_that_puts_another_python_in_front_of_the_activated_one(tree: Tree) -> None:
    healthy(tree)
    found = neighbours(tree, VIRTUAL_ENV="/envs/tf", PATH="/opt/homebrew/bin:/envs/tf/bin")
    assert claimed_by_others(found) == {"python3 on PATH", "pip3 on PATH"}
    assert found["pip3 on PATH"].interpreter == "/opt/homebrew/opt/python@3.13/bin/python3.13"


def test_a_variable_without_its_folder_on_path_names_the_environment_and_no_more(tree: Tree) -> None:
    healthy(tree)
    assert claimed_by_others(neighbours(tree, VIRTUAL_ENV="/envs/tf", PATH="/opt/homebrew/bin")) == set()


def test_what_stands_on_path_says_nothing_of_an_environment_that_was_asked_for(tree: Tree) -> None:
    python = healthy(tree)
    found = neighbours(tree, python=python, PATH="/opt/homebrew/bin")
    assert claimed_by_others(found) == set()
    assert found["python3 on PATH"].same_environment is False


def test_an_environment_of_uvs_has_no_pip_and_that_is_no_quarrel(tree: Tree) -> None:
    tree.homebrew()
    tree.script("/opt/homebrew/bin/pip3", "/opt/homebrew/bin/python3.13")
    tree.venv("/envs/tf", tree.uv(), uv=True)
    found = neighbours(tree, VIRTUAL_ENV="/envs/tf", PATH="/envs/tf/bin:/opt/homebrew/bin")
    assert found["pip3 on PATH"].same_environment is False
    assert claimed_by_others(found) == set()


def test_a_conda_environment_without_python_is_served_by_a_stranger(tree: Tree) -> None:
    tree.conda("/opt/conda")
    tree.script("/opt/conda/bin/pip", "/opt/conda/bin/python")
    tree.file("/opt/conda/envs/tf/conda-meta/history")
    tree.folder("/opt/conda/envs/tf/bin")
    path = "/opt/conda/envs/tf/bin:/opt/conda/bin"
    found = neighbours(tree, CONDA_PREFIX="/opt/conda/envs/tf", PATH=path)
    assert {"pip on PATH", "python on PATH"} <= claimed_by_others(found)


def test_pip_and_python_on_one_path_that_lead_to_two_pythons(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.8.18")
    tree.python_org("3.11.9")
    site = "/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/site-packages"
    tree.installed(site, "tensorflow", "2.16.1")
    tree.installed(site, "tensorflow_macos", "2.16.1")
    tree.script("/usr/local/bin/pip", "/Library/Frameworks/Python.framework/Versions/3.11/bin/python3.11")
    found = neighbours(tree, PATH="/opt/conda/bin:/usr/local/bin")
    assert python
    assert claimed_by_others(found) == {"pip on PATH"}
    assert found["pip on PATH"].tensorflow == ("tensorflow 2.16.1", "tensorflow-macos 2.16.1")


def test_a_moved_environment_whose_pip_still_names_the_old_place(tree: Tree) -> None:
    tree.venv("/envs/new", tree.python_org())
    tree.script("/envs/new/bin/pip", "/envs/old/bin/python")
    found = neighbours(tree, python="/envs/new")
    assert found["pip of this environment"].interpreter_exists is False
    assert claimed_by_others(found) == {"pip of this environment"}


def test_the_environments_own_kernel_that_starts_another(tree: Tree) -> None:
    healthy(tree)
    kernel(tree, "/envs/tf/share/jupyter/kernels/python3", "/opt/homebrew/bin/python3")
    assert claimed_by_others(neighbours(tree, python="/envs/tf")) == {"Jupyter kernel python3"}


def test_kernels_of_other_environments_may_lie_where_jupyter_lives(tree: Tree) -> None:
    healthy(tree)
    kernel(tree, "/envs/tf/share/jupyter/kernels/torch", "/opt/homebrew/bin/python3", "PyTorch")
    assert claimed_by_others(neighbours(tree, python="/envs/tf")) == set()


def test_kernels_beside_a_python_that_is_no_environment_are_everybodys(tree: Tree) -> None:
    tree.base("/usr/local", "3.12.4")
    kernel(tree, "/usr/local/share/jupyter/kernels/python3", tree.homebrew())
    assert claimed_by_others(neighbours(tree, python="/usr/local/bin/python3")) == set()


def test_the_conda_base_that_every_shell_activates_does_not_speak_for_the_folder(tree: Tree) -> None:
    tree.conda("/opt/conda")
    tree.folder("/opt/conda/condabin")
    tree.venv(f"{WORK}/.venv", tree.python_org())
    tree.file(f"{WORK}/.vscode/settings.json", '{"python.defaultInterpreterPath": ".venv/bin/python"}')
    found = neighbours(tree, CONDA_PREFIX="/opt/conda", PATH="/opt/conda/bin")
    assert found[f"VS Code in {WORK}"].same_environment is False
    assert claimed_by_others(found) == set()


def test_a_kernel_of_the_users_with_this_environments_name(tree: Tree) -> None:
    healthy(tree)
    kernel(tree, f"{HOME}/Library/Jupyter/kernels/tf", "/gone/bin/python", "Python (tf)")
    kernel(tree, f"{HOME}/Library/Jupyter/kernels/other", "/opt/homebrew/bin/python3", "Other")
    kernel(tree, f"{HOME}/Library/Jupyter/kernels/python3", "/opt/homebrew/bin/python3")
    found = neighbours(tree, python="/envs/tf")
    assert claimed_by_others(found) == {"Jupyter kernel tf"}
    assert found["Jupyter kernel tf"].interpreter_exists is False
    assert found["Jupyter kernel other"].claim is None


def test_a_kernel_that_leads_here_is_at_home(tree: Tree) -> None:
    python = healthy(tree)
    kernel(tree, f"{HOME}/Library/Jupyter/kernels/tf", f"{python}3")
    assert neighbours(tree, python="/envs/tf")["Jupyter kernel tf"].same_environment is True


def test_a_venv_in_a_project_is_known_by_the_projects_name(tree: Tree) -> None:
    tree.venv(f"{WORK}/.venv", tree.python_org())
    kernel(tree, f"{HOME}/Library/Jupyter/kernels/project", tree.homebrew())
    assert claimed_by_others(neighbours(tree)) == {"Jupyter kernel project"}


@pytest.mark.parametrize(
    ("setting", "quarrel"),
    [
        ("${workspaceFolder}/.venv/bin/python", False),
        ("${workspaceFolder}/.venv", False),
        (".venv/bin/python3", False),
        ("/opt/homebrew/bin/python3", True),
        ("/gone/python", True),
    ],
)
def test_the_editors_setting_for_the_folder_of_the_environment(tree: Tree, setting: str, *, quarrel: bool) -> None:
    tree.homebrew()
    tree.venv(f"{WORK}/.venv", tree.python_org())
    text = f'{{\n  // ours\n  "python.defaultInterpreterPath": "{setting}",\n}}'
    tree.file(f"{WORK}/.vscode/settings.json", text)
    assert claimed_by_others(neighbours(tree)) == ({f"VS Code in {WORK}"} if quarrel else set())


def test_the_editors_setting_of_a_folder_says_nothing_of_an_environment_elsewhere(tree: Tree) -> None:
    healthy(tree)
    tree.file(f"{WORK}/.vscode/settings.json", '{"python.defaultInterpreterPath": "/opt/homebrew/bin/python3"}')
    assert claimed_by_others(neighbours(tree, python="/envs/tf")) == set()


def test_commands_of_our_own_tool_environment_are_passed_over(tree: Tree) -> None:
    healthy(tree)
    own = f"{HOME}/.cache/uv/archive-v0/x"
    tree.venv(own, tree.uv(), uv=True)
    found = neighbours(tree, own_prefix=own, VIRTUAL_ENV="/envs/tf", PATH=f"{own}/bin:/envs/tf/bin")
    assert found["python on PATH"].path == "/envs/tf/bin/python"
    assert claimed_by_others(found) == set()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"argv": ["/x"]}', "\0" * 100, "x" * 400_000])
def test_a_hostile_kernel_is_passed_over(tree: Tree, content: str) -> None:
    healthy(tree)
    tree.file(f"{HOME}/Library/Jupyter/kernels/odd/kernel.json", content)
    tree.folder(f"{HOME}/Library/Jupyter/kernels/folder/kernel.json")
    tree.link(f"{HOME}/Library/Jupyter/kernels/loop", "loop")
    assert claimed_by_others(neighbours(tree, python="/envs/tf")) == set()
