from __future__ import annotations

from environments.trees import HOME, Tree
from m1doctor.collect.interpreter import collect_interpreter
from m1doctor.model.interpreter import SearchPathLeak, Shadow
from m1doctor.model.report import Target, TargetKind


def leaks(tree: Tree, python: str, **environ: str) -> tuple[SearchPathLeak, ...]:
    target = Target(kind=TargetKind.PYTHON, path=python, why="--python")
    found = collect_interpreter(tree.world(environ=environ), target, None, own_prefix="/nowhere").leaks
    assert found is not None
    return found


def test_nothing_stands_in_front_of_a_plain_environment(tree: Tree) -> None:
    assert leaks(tree, tree.venv("/envs/tf", tree.python_org())) == ()


def test_the_users_folder_in_front_of_conda_hides_other_versions(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.11.7")
    user = f"{HOME}/.local/lib/python3.11/site-packages"
    tree.installed(user, "numpy", "2.1.0")
    tree.installed(user, "Typing_Extensions", "4.0")
    tree.installed(user, "rich", "13.0")
    own = "/opt/conda/lib/python3.11/site-packages"
    tree.installed(own, "numpy", "1.26.4")
    tree.installed(own, "typing-extensions", "4.0")
    assert leaks(tree, python) == (
        SearchPathLeak(
            source="user site", folder=user, shadows=(Shadow(name="numpy", front="2.1.0", behind="1.26.4"),)
        ),
    )
    assert leaks(tree, python, PYTHONNOUSERSITE="1") == ()


def test_a_stale_plugin_in_the_users_folder_is_told_where_tensorflow_is_in_the_environment(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.11.7")
    user = f"{HOME}/.local/lib/python3.11/site-packages"
    tree.file(f"{user}/tensorflow-plugins/libmetal_plugin.dylib")
    tree.installed("/opt/conda/lib/python3.11/site-packages", "tensorflow", "2.18.1")
    (found,) = leaks(tree, python)
    assert [shadow.name for shadow in found.shadows] == ["tensorflow-plugins"]


def test_pythonpath_hides_what_it_holds_in_another_version_or_as_a_module(tree: Tree) -> None:
    python = tree.venv("/envs/tf", tree.python_org())
    own = "/envs/tf/lib/python3.12/site-packages"
    tree.installed(own, "numpy", "1.26.4", modules=("numpy",))
    tree.installed(own, "six", "1.16.0")
    tree.file(f"{own}/six.py")
    tree.installed("/opt/ros/site-packages", "numpy", "1.21.0", modules=("numpy",))
    tree.file("/opt/src/six.py")
    tree.file("/opt/src/mine.py")
    found = leaks(tree, python, PYTHONPATH="/opt/ros/site-packages:/opt/src")
    assert found == (
        SearchPathLeak(
            source="PYTHONPATH",
            folder="/opt/ros/site-packages",
            shadows=(Shadow(name="numpy", front="1.21.0", behind="1.26.4"),),
        ),
        SearchPathLeak(source="PYTHONPATH", folder="/opt/src", shadows=(Shadow(name="six", front=None, behind=None),)),
    )


def test_a_source_tree_on_pythonpath_that_hides_nothing_has_no_shadows(tree: Tree) -> None:
    python = tree.venv("/envs/tf", tree.python_org())
    tree.file("/srv/project/project/__init__.py")
    (found,) = leaks(tree, python, PYTHONPATH="/srv/project")
    assert found.shadows == ()


def test_the_environments_own_folder_on_pythonpath_is_no_leak(tree: Tree) -> None:
    python = tree.venv("/envs/tf", tree.python_org())
    own = "/envs/tf/lib/python3.12/site-packages"
    tree.installed(own, "numpy", "1.26.4")
    assert leaks(tree, python, PYTHONPATH=own) == ()


def test_a_pth_file_in_the_users_folder_is_named(tree: Tree) -> None:
    python = tree.conda("/opt/conda", "3.11.7")
    user = f"{HOME}/.local/lib/python3.11/site-packages"
    tree.file(f"{user}/old.pth", "/srv/site-packages\n")
    tree.installed("/srv/site-packages", "numpy", "1.0")
    tree.installed("/opt/conda/lib/python3.11/site-packages", "numpy", "1.26.4")
    assert [(each.source, len(each.shadows)) for each in leaks(tree, python)] == [
        ("user site", 0),
        (f"{user}/old.pth", 1),
    ]


def test_editable_installations_come_after_and_are_no_leak(tree: Tree) -> None:
    python = tree.venv("/envs/tf", tree.python_org())
    own = "/envs/tf/lib/python3.12/site-packages"
    tree.file(f"{own}/__editable__.mine.pth", "/srv/src\n")
    tree.installed("/srv/src", "numpy", "9.9")
    tree.installed(own, "numpy", "1.26.4")
    assert leaks(tree, python) == ()


def test_pythonhome_of_another_python_is_told(tree: Tree) -> None:
    python = tree.python_org("3.12.4")
    tree.base("/opt/other", "3.9.1")
    assert leaks(tree, python, PYTHONHOME="/opt/other") == (SearchPathLeak(source="PYTHONHOME", folder="/opt/other"),)
    assert leaks(tree, python, PYTHONHOME="/Library/Frameworks/Python.framework/Versions/3.12") == ()
