from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documented import valid
from environments import community_plugin, small
from environments.package_index import PackageIndex
from environments.small import Small, index
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import make_report
from m1doctor.documents import to_json
from m1doctor.model.report import Target, TargetKind
from machines import loading

__all__ = ["index"]

Command = Callable[..., Any]


@pytest.fixture
def project(index: PackageIndex, tmp_path: Path) -> Small:
    """The folder of a project with nothing but a lock in it."""
    made = small.nothing(index, tmp_path)
    names = {"tensorflow": "2.18.1", "alpha": "1.0"}
    lines = (f"{name}=={version} --hash={index.hash_of(name, version)}\n" for name, version in names.items())
    (made.folder.parent / "lock.txt").write_text(
        "# Target: cpython 3.11 on Linux x86_64\n" + "".join(lines), encoding="utf-8"
    )
    return made


def test_an_environment_is_shown_asked_for_made_examined_and_taken_back(project: Small) -> None:
    nobody = project.m1doctor("setup", "--lock", "lock.txt")
    assert nobody.returncode == 2
    assert "  3. Move it into its place.\n  4. Examine it.\n" in nobody.stdout
    assert "There is no Metal on Linux" in nobody.stdout
    assert "nobody can be asked" in nobody.stderr
    assert project.m1doctor("setup", "--lock", "lock.txt", "--dry-run").stdout == nobody.stdout
    assert not project.folder.exists()

    made = project.m1doctor("setup", "--lock", "lock.txt", "--yes")
    assert project.versions() == {"alpha": "1.0", "tensorflow": "2.18.1"}
    assert f"  source {project.folder}/bin/activate\n" in made.stdout
    assert made.returncode == 1  # this TensorFlow is one line, and its examination says so
    again = project.m1doctor("setup", "--lock", "lock.txt")
    assert "is there and holds all that the lock pins" in again.stderr
    assert "  source " in again.stdout

    project.install("--no-deps", "alpha==2.0")
    other = project.m1doctor("setup", "--lock", "lock.txt", "--yes")
    assert other.returncode == 2
    assert "--replace makes a new one" in other.stderr
    assert project.versions()["alpha"] == "2.0"

    undone = project.m1doctor("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert [path.name for path in project.folder.parent.iterdir()] == ["lock.txt"]


def test_scripts_get_a_document_of_what_was_made_and_of_what_could_not_be(project: Small, index: PackageIndex) -> None:
    def told(*arguments: str, status: int) -> dict[str, Any]:
        answer = project.m1doctor(*arguments, "--format", "json")
        assert answer.returncode == status, answer.stderr
        return valid("change", json.loads(answer.stdout))

    dry = told("setup", "--lock", "lock.txt", "--dry-run", status=0)
    assert (dry["outcome"], dry["environment"]) == ("planned", str(project.folder))
    assert [deed["ended"] for deed in dry["deeds"]] == ["not-begun", "not-begun"]

    index.status = 500
    failed = told("setup", "--lock", "lock.txt", "--yes", status=3)
    assert (failed["outcome"], failed["undo"]) == ("rolled-back", [])
    assert [deed["ended"] for deed in failed["deeds"]] == ["done", "failed"]
    assert "500" in failed["why"]
    assert not project.folder.exists()

    index.status = None
    made = told("setup", "--lock", "lock.txt", "--yes", status=1)
    assert (made["outcome"], made["transaction"] is None) == ("kept", False)
    assert [deed["ended"] for deed in made["deeds"]] == ["done", "done"]
    assert made["report"]["target"]["path"] == f"{project.folder}/bin/python"
    again = told("setup", "--lock", "lock.txt", "--yes", status=1)
    assert (again["outcome"], again["deeds"]) == ("nothing-to-do", [])
    assert told("undo", "--yes", status=0)["outcome"] == "undone"


def test_a_plan_for_a_mac_of_a_saved_report_is_a_document_too(m1doctor: Command, tmp_path: Path) -> None:
    answer = m1doctor("setup", "--replay", _saved("intel-mac", tmp_path), "--format", "json")
    assert answer.status == 1
    document = valid("change", answer.document)
    assert document["outcome"] == "refused"
    assert "Intel Mac" in document["why"]


def test_an_interrupted_build_is_seen_to_and_made_anew(project: Small) -> None:
    from m1doctor.setup.journal import Journal, Verb  # noqa: PLC0415 - beside its only use

    journal = Journal(Path(project.environ["XDG_STATE_HOME"]) / "m1doctor" / "journal")
    building = project.folder.with_name(".venv.m1doctor-building")
    journal.begin(Verb.SETUP, project.folder, (), details={"staging": str(building)})
    building.mkdir()
    (building / "half").write_text("half")
    answer = project.m1doctor("setup", "--lock", "lock.txt", "--yes")
    assert "was interrupted\nm1doctor: it is as it was before\n" in answer.stderr
    assert project.versions() == {"alpha": "1.0", "tensorflow": "2.18.1"}
    assert not building.exists()


def test_a_lock_with_what_is_built_against_its_tensorflow_is_installed_in_that_order_and_known_again(
    project: Small, index: PackageIndex
) -> None:
    lock = project.folder.parent / "lock.txt"
    pin = f"tensorflow-metal-plugin==0.4.1 --hash={community_plugin.add_to(index)}\n"
    lock.write_text(lock.read_text() + pin)
    made = project.m1doctor("setup", "--lock", "lock.txt", "--yes")
    assert project.versions() == {"alpha": "1.0", "tensorflow": "2.18.1", "tensorflow_metal_plugin": "0.4.1"}
    assert "tensorflow-metal-plugin is built last, against the others." in " ".join(made.stdout.split())
    assert "It costs: " in made.stdout
    assert "is there and holds all that the lock pins" in project.m1doctor("setup", "--lock", "lock.txt").stderr


@pytest.mark.real_tensorflow
def test_a_real_tensorflow_is_set_up_from_a_hashed_lock_and_runs(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    project = Small(tmp_path / "project" / ".venv", {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")})
    (project.folder.parent / "wanted.in").write_text("tensorflow-cpu==2.18.1\nsetuptools<82\n")
    options = ("--quiet", "--python-version", small.PYTHON, "--generate-hashes", "--no-header")
    folder = project.folder.parent
    project.uv("pip", "compile", *options, "--output-file", str(folder / "lock.txt"), str(folder / "wanted.in"))
    made = project.m1doctor("setup", "--lock", "lock.txt", "--python-version", small.PYTHON, "--yes")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "TensorFlow 2.18.1 runs, on the CPU." in made.stdout
    script = project.folder / "bin" / "tensorboard"
    shown = subprocess.run([script, "--version"], capture_output=True, text=True, check=False)
    assert "2.18" in shown.stdout, shown.stderr


def _saved(name: str, folder: Path) -> Path:
    facts = loading.load(name, folder / "root").facts()
    registry = Registry(built_in_checks())
    target = Target(kind=TargetKind.PYTHON, path="/somewhere/bin/python", why="--python")
    path = folder / f"{name}.json"
    path.write_text(to_json(make_report(facts, target, registry, choose(registry))))
    return path


def test_a_mac_of_a_saved_report_is_planned_for_only(m1doctor: Command, tmp_path: Path) -> None:
    answer = m1doctor("setup", "--replay", _saved("rosetta-shell", tmp_path), "--yes")
    assert answer.status == 0
    assert "cpython-3.12-macos-aarch64-none" in answer.out
    assert "This shell is translated by Rosetta." in answer.out
    assert answer.err.startswith("m1doctor: planned only")
    assert not Path(".venv").exists()


@pytest.mark.parametrize(
    ("machine", "words"), [("intel-mac", "Intel Mac"), ("macos-too-old", "With macOS 12.1 or newer")]
)
def test_a_mac_that_it_cannot_run_on_is_told(m1doctor: Command, tmp_path: Path, machine: str, words: str) -> None:
    answer = m1doctor("setup", "--replay", _saved(machine, tmp_path))
    assert answer.status == 1
    assert words in answer.out


def test_the_communitys_plugin_is_planned_with_its_costs(m1doctor: Command, tmp_path: Path) -> None:
    answer = m1doctor("setup", "--replay", _saved("healthy-m4-max", tmp_path), "--provider", "community")
    assert "It costs: " in answer.out
    assert "is not Apple's" in answer.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--python-version", "12"), "--python-version: '12' is not a Python such as 3.12"),
        (("--lock", "nonesuch.txt"), "--lock: cannot read "),
        (("--offline", "nonesuch"), "--offline: nonesuch is no folder of wheels"),
        (("nonesuch/below",), "there is no folder "),
        (("--provider", "anybody"), "'anybody' is not one of"),
        (("--provider", "apple", "--lock", "lock.txt"), "--lock and --provider exclude each other"),
    ],
)
def test_wrong_usage_is_one_line(m1doctor: Command, arguments: tuple[str, ...], words: str) -> None:
    answer = m1doctor("setup", *arguments)
    assert answer.status == 2
    assert words in answer.err
    assert answer.err.count("\n") == 1


def test_a_lock_that_pins_nothing_is_refused(m1doctor: Command) -> None:
    Path("notes.txt").write_text("remember the milk\n")
    assert "--lock: " in m1doctor("setup", "--lock", "notes.txt").err
    assert "notes.txt:1: not a lock" in m1doctor("setup", "--lock", "notes.txt").err
    Path("notes.txt").write_text("# nothing\n")
    assert "pins nothing" in m1doctor("setup", "--lock", "notes.txt").err
    Path("explicit.txt").write_text("@EXPLICIT\n")
    assert "is for conda (explicit)" in m1doctor("setup", "--lock", "explicit.txt").err
