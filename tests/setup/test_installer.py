from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.reading import Reading
from m1doctor.model.remedy import Action
from m1doctor.model.repair import Moved, Operation
from m1doctor.setup.installer import (
    InstallerError,
    Uv,
    argv_of,
    changes_of,
    environ_for_uv,
    run_uv,
    wait_for_installer,
)

DRY_RUN = """\
Using Python 3.11.7 environment at: a
Resolved 3 packages in 238ms
Would download 1 package
 - numpy==2.3.1
 + numpy==2.0.2
 + opt_einsum==3.4.0
 ~ gast==0.7.0
"""


def test_what_uv_would_change_is_read_from_its_words() -> None:
    assert changes_of(Reading(argv=(), returncode=0, stderr=DRY_RUN)) == [
        Moved(name="gast", before="0.7.0", after="0.7.0"),
        Moved(name="numpy", before="2.3.1", after="2.0.2"),
        Moved(name="opt-einsum", before=None, after="3.4.0"),
    ]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.INSTALL, "uv pip install --python /env/bin/python numpy<2"),
        (Action.REINSTALL, "uv pip install --python /env/bin/python --reinstall --no-deps numpy<2"),
        (Action.UNINSTALL, "uv pip uninstall --python /env/bin/python numpy<2"),
    ],
)
def test_each_operation_is_one_command(action: Action, words: str) -> None:
    assert " ".join(argv_of(Operation(action=action, requirements=("numpy<2",)), "/env/bin/python")) == words


def test_a_removal_is_known_without_asking() -> None:
    world = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=Path("/"))
    operation = Operation(action=Action.UNINSTALL, requirements=("tensorflow_macos",))
    assert Uv("/uv", world, "/python").preview(operation) == [Moved(name="tensorflow-macos", before=None, after=None)]


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (
            {"returncode": 1, "stderr": "  \u00d7 No solution found:\n  ╰─▶ Because there is no a==2\n"},
            "No solution found: ",
        ),
        (
            {"returncode": 2, "stderr": "error: Failed to fetch: `http://x`\n  cause: 503\n"},
            "Failed to fetch: `http://x`",
        ),
        ({"signal": 9}, "uv was ended by signal 9"),
        ({"signal": 9, "timed_out": True}, "uv took longer than it may"),
        ({"error": "No such file or directory"}, "uv could not be started: No such file or directory"),
        ({"returncode": 4}, "uv ended with status 4"),
    ],
)
def test_a_failure_is_told_in_uvs_words_without_its_drawing(reading: dict[str, object], words: str) -> None:
    world = RecordedWorld(
        uname=Uname("Linux", "6", "#1", "x86_64"),
        root=Path("/"),
        readings=[Reading(argv=("/bin/uv", "pip"), **reading)],
    )
    with pytest.raises(InstallerError) as told:
        run_uv(world, "/bin/uv", ("uv", "pip"), 1.0)
    assert str(told.value).startswith(words)
    assert "▶" not in str(told.value)


def test_uv_is_given_the_users_index_and_nothing_that_leads_elsewhere() -> None:
    user = {
        "HOME": "/Users/me",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_LINK_MODE": "copy",
        "UV_TARGET": "/elsewhere",
        "UV_OVERRIDE": "other.txt",
        "VIRTUAL_ENV": "/other",
        "CONDA_PREFIX": "/other",
    }
    given = environ_for_uv(user)
    assert {key: given.get(key) for key in user} == {
        "HOME": "/Users/me",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_LINK_MODE": "copy",
        "UV_TARGET": None,
        "UV_OVERRIDE": None,
        "VIRTUAL_ENV": None,
        "CONDA_PREFIX": None,
    }


def test_an_installer_that_holds_its_lock_is_waited_for_no_longer_than_said(tmp_path: Path) -> None:
    world = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path)
    assert wait_for_installer(world, tmp_path, 0.0)
    with (tmp_path / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not wait_for_installer(world, tmp_path, 0.2)
    assert wait_for_installer(world, tmp_path, 0.0)


@pytest.mark.parametrize(
    ("command", "at_work"),
    [
        (("/opt/uv", "pip", "install", "--python", "/my tf/.venv/bin/python", "alpha"), True),
        (("/usr/bin/python3", "/opt/conda", "create", "--prefix", "/my tf/.venv"), True),
        (("/opt/uv", "pip", "install", "--python", "/other/bin/python", "alpha"), False),
        (("/my tf/.venv/bin/python", "train.py"), False),
    ],
)
def test_an_installer_that_holds_no_lock_yet_is_found_among_the_processes(
    tmp_path: Path, command: tuple[str, ...], *, at_work: bool
) -> None:
    environment = Path("/my tf/.venv")
    process = tmp_path / "proc" / "4711"
    process.mkdir(parents=True)
    (process / "cmdline").write_bytes(b"\0".join(word.encode() for word in command) + b"\0")
    linux = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path)
    assert wait_for_installer(linux, environment, 0.0) is not at_work
    listed = Reading(
        argv=("/bin/ps", "-axww", "-o", "command="), returncode=0, stdout=f"/sbin/launchd\n{' '.join(command)}\n"
    )
    mac = RecordedWorld(uname=Uname("Darwin", "24", "Darwin", "arm64"), root=tmp_path, readings=[listed])
    assert wait_for_installer(mac, environment, 0.0) is not at_work
