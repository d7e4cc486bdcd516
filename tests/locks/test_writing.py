"""A lock on the disk: old or new at any moment, whatever ends the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from m1doctor.locks.writing import LockWriteError, write

OLD, NEW = "numpy==1.0\n", "numpy==2.0\n" * 1000

CHILD = """
import os, signal, sys
from pathlib import Path
from m1doctor.locks.writing import write

step, path, last = 0, Path(sys.argv[1]), int(sys.argv[2])

def kill(event, arguments):
    # Every touch of the folder is a step; the process ends right before the one that is asked for.
    global step
    if event in ("open", "os.rename", "os.remove", "os.chmod", "os.fsync") and str(path.parent) in str(arguments):
        step += 1
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
write(path, sys.stdin.read())
"""


def run(path: Path, step: int) -> int:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(step)], input=NEW, text=True, check=False
    ).returncode


def test_killed_at_every_step_the_file_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    for step in range(1, 50):
        folder = tmp_path / str(step)
        folder.mkdir()
        path = folder / "requirements.txt"
        path.write_text(OLD)
        ended = run(path, step)
        assert path.read_text() in (OLD, NEW)
        if path.read_text() == NEW:
            assert OLD in [backup.read_text() for backup in folder.glob("*.bak*")]
        if ended == 0:
            break
        write(path, NEW)  # the next run
        assert path.read_text() == NEW
        assert OLD in [backup.read_text() for backup in folder.glob("*.bak*")]
    assert ended == 0
    assert step > 4, "the process was killed in the middle, several times"


def test_what_the_file_system_refuses_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LockWriteError, match=r"file/requirements\.txt"):
        write(tmp_path / "file" / "requirements.txt", NEW)
