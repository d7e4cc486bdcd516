from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import uv

from environments import small
from environments.package_index import PackageIndex
from environments.small import Small
from killing import killed_at
from m1doctor.collect.world import LiveWorld
from m1doctor.errors import UnfinishedError
from m1doctor.locks.reading import read_lock
from m1doctor.model.building import BuildPlan, Wish
from m1doctor.model.host import Host
from m1doctor.setup.building import lock_to_install, plan_environment
from m1doctor.setup.journal import Event, Journal, Transaction
from m1doctor.setup.make import Builder, CannotBuildError, Present, find_conda
from m1doctor.setup.undo import Found, recover, undo

HOST = Host(system="Linux", apple_silicon=False, process_machine="x86_64")


def quiet(words: str) -> None:
    del words


@pytest.fixture
def project(index: PackageIndex, tmp_path: Path) -> Small:
    return small.nothing(index, tmp_path)


@pytest.fixture
def lock(index: PackageIndex, tmp_path: Path) -> Path:
    return write_lock(index, tmp_path / "lock.txt", alpha="1.0")


def write_lock(index: PackageIndex, path: Path, *, alpha: str) -> Path:
    hashes = {"alpha": index.hash_of("alpha", alpha), "tensorflow": index.hash_of("tensorflow", "2.18.1")}
    versions = {"alpha": alpha, "tensorflow": "2.18.1"}
    path.write_text("".join(f"{name}=={versions[name]} --hash={hashes[name]}\n" for name in versions))
    return path


def plan(project: Small, lock: Path, **more: object) -> BuildPlan:
    wish = Wish(environment=str(project.folder), python=small.PYTHON, lock=str(lock), **more)
    return plan_environment(wish, HOST, (), own_lock=lock_to_install(read_lock(str(lock))), free_bytes=None)


def builder(project: Small, journal: Journal) -> Builder:
    return Builder(LiveWorld(environ=project.environ), uv.find_uv_bin(), journal)


def build(
    project: Small, lock: Path, journal: Journal, tell: Callable[[str], None] = quiet, *, replace: bool = False
) -> Transaction:
    return builder(project, journal).build(plan(project, lock), replace=replace, tell=tell)


def test_an_environment_is_made_and_taken_back(project: Small, lock: Path, journal: Journal) -> None:
    made = build(project, lock, journal)
    assert made.kept
    assert project.versions() == {"alpha": "1.0", "tensorflow": "2.18.1"}
    assert [path.name for path in project.folder.parent.iterdir()] == [".venv"]
    undo(LiveWorld(), journal, made, quiet)
    assert list(project.folder.parent.iterdir()) == []


def test_it_is_known_when_all_is_there_already(project: Small, lock: Path, journal: Journal) -> None:
    own = lock_to_install(read_lock(str(lock)))
    assert builder(project, journal).look(project.folder, own) is Present.NOTHING
    build(project, lock, journal)
    assert builder(project, journal).look(project.folder, own) is Present.WANTED
    project.install("beta")
    assert builder(project, journal).look(project.folder, own) is Present.WANTED
    project.install("--no-deps", "alpha==2.0")
    assert builder(project, journal).look(project.folder, own) is Present.OTHER


def test_a_folder_that_is_no_environment_is_never_touched(project: Small, journal: Journal) -> None:
    project.folder.mkdir()
    (project.folder / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotBuildError, match="is no environment"):
        builder(project, journal).look(project.folder, None)


def test_an_environment_that_is_there_is_moved_aside_and_comes_back(
    project: Small, lock: Path, journal: Journal, index: PackageIndex, tmp_path: Path
) -> None:
    build(project, write_lock(index, tmp_path / "old.txt", alpha="2.0"), journal)
    before = project.contents()
    made = build(project, lock, journal, replace=True)
    assert project.versions()["alpha"] == "1.0"
    undo(LiveWorld(), journal, made, quiet)
    assert project.contents() == before
    assert [path.name for path in project.folder.parent.iterdir()] == [".venv"]


def test_a_wrong_hash_leaves_nothing(project: Small, lock: Path, journal: Journal) -> None:
    lock.write_text(f"alpha==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(UnfinishedError, match=r"Hash mismatch.*What was there is as it was"):
        build(project, lock, journal)
    assert list(project.folder.parent.iterdir()) == []
    assert journal.interrupted(project.folder) is None


def test_a_pin_without_a_hash_is_refused(project: Small, lock: Path, journal: Journal) -> None:
    lock.write_text("alpha==1.0\n")
    with pytest.raises(UnfinishedError, match="hash"):
        build(project, lock, journal)
    assert list(project.folder.parent.iterdir()) == []


@pytest.mark.parametrize("fault", ["error", "truncated"])
def test_an_index_that_fails_leaves_nothing(
    project: Small, lock: Path, journal: Journal, index: PackageIndex, fault: str
) -> None:
    if fault == "error":
        index.status = 500
    else:
        index.files["alpha"] = {name: content[:100] for name, content in index.files["alpha"].items()}
    with pytest.raises(UnfinishedError):
        build(project, lock, journal)
    assert list(project.folder.parent.iterdir()) == []


def test_wheels_from_a_folder_need_no_index(
    project: Small, lock: Path, journal: Journal, index: PackageIndex, tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for files in index.files.values():
        for name, content in files.items():
            (wheels / name).write_bytes(content)
    index.status = 500
    made = plan(project, lock, wheels=str(wheels))
    builder(project, journal).build(made, replace=False, tell=quiet)
    assert project.versions()["alpha"] == "1.0"
    assert index.asked == []


def test_a_build_that_is_killed_at_any_step_leaves_the_old_environment_or_the_new_one(
    project: Small, lock: Path, journal: Journal, index: PackageIndex, tmp_path: Path
) -> None:
    build(project, write_lock(index, tmp_path / "old.txt", alpha="2.0"), journal)
    before = project.contents()
    killed = 0
    while killed_at(killed, lambda tell: build(project, lock, journal, tell, replace=True)):
        killed += 1
        step = 0
        while killed_at(step, lambda tell: recover(LiveWorld(), journal, journal.interrupted(project.folder), tell)):
            step += 1
        assert project.contents() == before
        assert [path.name for path in project.folder.parent.iterdir()] == [".venv"]
    assert killed == 3  # make it, install, put it in its place
    assert project.versions()["alpha"] == "1.0"


@pytest.mark.parametrize("aside", [False, True])
def test_a_crash_between_the_two_renames_ends_in_the_new_environment(
    project: Small, lock: Path, journal: Journal, *, aside: bool
) -> None:
    """The events are written as the builder does, and then nothing more is done."""
    made = build(project, lock, journal)
    new = project.contents()
    previous = project.folder.with_name(".venv.before")
    details = {"staging": str(project.folder.with_name(".venv.building")), "previous": str(previous)}
    crashed = journal.begin(made.verb, project.folder, made.plan, details=details)
    project.folder.rename(details["staging"])
    old = previous if aside else project.folder
    old.mkdir()
    (old / "old").write_text("old")
    journal.note(crashed, Event.BUILT)
    assert recover(LiveWorld(), journal, journal.find(crashed.id), quiet) is Found.NEW
    assert project.contents() == new
    assert (previous / "old").read_text() == "old"
    undo(LiveWorld(), journal, journal.find(crashed.id), quiet)
    assert (project.folder / "old").read_text() == "old"


def test_conda_that_is_not_there_is_told(project: Small) -> None:
    world = LiveWorld(environ={**project.environ, "PATH": str(project.folder)})
    with pytest.raises(CannotBuildError, match="neither micromamba nor mamba nor conda"):
        find_conda(world)


def test_a_conda_like_command_makes_the_environment_and_the_lock_fills_it(
    project: Small, lock: Path, journal: Journal, tmp_path: Path
) -> None:
    """A stand-in for micromamba: it makes what `create --prefix` asks for, as conda would leave it."""
    command = tmp_path / "bin" / "micromamba"
    command.parent.mkdir()
    command.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --prefix ]; do shift; done\n'
        f'"{uv.find_uv_bin()}" venv -q --python {small.PYTHON} "$2" && mkdir "$2/conda-meta"\n'
    )
    command.chmod(0o755)
    world = LiveWorld(environ={**project.environ, "PATH": f"{command.parent}:{project.environ['PATH']}"})
    conda = find_conda(world)
    assert conda == str(command)
    made = Builder(world, uv.find_uv_bin(), journal).build(plan(project, lock, conda=conda), replace=False, tell=quiet)
    assert project.versions() == {"alpha": "1.0", "tensorflow": "2.18.1"}
    undo(LiveWorld(), journal, made, quiet)
    assert not project.folder.exists()
