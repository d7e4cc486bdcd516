"""Examining changes nothing of what is examined, and nothing of where one stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def _snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")
    }


def test_a_quick_examination_leaves_no_trace(tmp_path: Path) -> None:
    environment, work, home = tmp_path / "env", tmp_path / "work", tmp_path / "home"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    work.mkdir()
    home.mkdir()
    before = _snapshot(tmp_path)
    python = str(environment / "bin" / "python")
    subprocess.run(
        [sys.executable, "-m", "m1doctor", "diagnose", "--quick", "--python", python],
        env={**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home / "state")},
        cwd=work,
        capture_output=True,
        check=False,
    )
    assert _snapshot(tmp_path) == before
