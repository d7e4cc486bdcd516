"""Runs the command as its users do, in this process or in one of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from m1doctor.cli.app import run


@dataclass(frozen=True)
class Answer:
    """What the command wrote, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def m1doctor(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command in this process, in an empty working folder, with a state folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "CI", "COLUMNS", "M1DOCTOR_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path, app: Callable[..., Any] | None = None) -> Answer:
        capfd.readouterr()
        status = run([str(argument) for argument in arguments], app=app)
        captured = capfd.readouterr()
        return Answer(status, captured.out, captured.err)

    return call


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A small folder of packages: a TensorFlow of one file, with its metadata."""
    folder = tmp_path / "site-packages"
    files = {
        "tensorflow/__init__.py": "__version__ = '2.18.1'\n",
        "tensorflow-2.18.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tensorflow\nVersion: 2.18.1\n",
        "tensorflow-2.18.1.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: cp311-cp311-macosx_12_0_arm64\n",
        "tensorflow-2.18.1.dist-info/INSTALLER": "pip\n",
    }
    record = "".join(f"{name},,{len(text)}\n" for name, text in files.items())
    for name, text in {**files, "tensorflow-2.18.1.dist-info/RECORD": record}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved report of a healthy machine: one to replay that needs no collector."""
    import reports  # noqa: PLC0415 - conftest is imported before the folder of tests is on the path
    from m1doctor.documents import to_json  # noqa: PLC0415

    path = tmp_path / "saved.json"
    path.write_text(to_json(reports.broken()[0]))
    return path
