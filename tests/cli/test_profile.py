"""`m1doctor profile`: the script's own life, the options, the files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import Command


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_text("import sys\nprint('out', sys.argv[1:])\nprint('err', file=sys.stderr)\nraise SystemExit(7)\n")
    return path


def test_the_script_runs_with_its_arguments_and_its_exit_status(m1doctor: Command, script: Path) -> None:
    answer = m1doctor("profile", "--python", sys.executable, script, "--epochs", "3", "-o", "mine")
    assert answer.status == 7
    assert answer.out == "out ['--epochs', '3', '-o', 'mine']\n"
    assert "\nerr\n" in f"\n{answer.err}"
    assert "exit status 7" in answer.err


def test_a_module_runs_as_python_runs_it(m1doctor: Command) -> None:
    Path("mine.py").write_text("import sys; print(__name__, sys.argv[1:])")
    assert m1doctor("profile", "--python", sys.executable, "-m", "mine", "a", "--b").out == "__main__ ['a', '--b']\n"


def test_it_runs_with_what_the_user_had_in_the_environment(m1doctor: Command, tmp_path: Path) -> None:
    ours = "[k for k in os.environ if k.startswith('M1DOCTOR_INSIDE')]"
    code = f"import os, sys; print({ours}, os.environ.get('PYTHONPATH'))"
    (tmp_path / "environ.py").write_text(f"{code}\nprint(any('probes/inside' in entry for entry in sys.path))")
    answer = m1doctor("profile", "--inside", "--python", sys.executable, tmp_path / "environ.py")
    assert answer.out == f"[] {os.environ.get('PYTHONPATH')}\nFalse\n"


def test_a_sitecustomize_of_the_users_still_runs(
    m1doctor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mine')")
    (tmp_path / "train.py").write_text("import sitecustomize; print(sitecustomize.__file__)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = m1doctor("profile", "--inside", "--python", sys.executable, tmp_path / "train.py")
    assert answer.out == f"mine\n{tmp_path}/sitecustomize.py\n"


def test_files_are_written_by_their_endings(m1doctor: Command, script: Path) -> None:
    files = [argument for name in ("p.json", "p.html", "p.md", "p.txt") for argument in ("-o", name)]
    m1doctor("profile", "--python", sys.executable, *files, script)
    profile = json.loads(Path("p.json").read_text())["facts"]["profile"]
    assert profile["command"] == [str(script)]
    assert profile["returncode"] == 7
    assert "How the script ran" in Path("p.html").read_text()
    assert "How it ran:" in Path("p.txt").read_text()


def test_a_saved_profile_is_a_report_that_replays(m1doctor: Command, script: Path) -> None:
    m1doctor("profile", "--python", sys.executable, "-o", "p.json", script)
    before = json.loads(Path("p.json").read_text())
    again = m1doctor("diagnose", "--replay", "p.json", "--format", "json").document
    drop = [{**each, "seconds": 0} for each in before["results"]]
    assert [{**each, "seconds": 0} for each in again["results"]] == drop


def test_two_profiles_are_compared(m1doctor: Command, script: Path) -> None:
    for name in ("a.json", "b.json"):
        m1doctor("profile", "--python", sys.executable, "-o", name, script)
    assert m1doctor("profile", "--compare", "a.json", "b.json").status == 0


def test_a_signal_that_ends_the_script_gives_the_shells_status(m1doctor: Command, tmp_path: Path) -> None:
    path = tmp_path / "dies.py"
    path.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    answer = m1doctor("profile", "--python", sys.executable, path)
    assert answer.status == 128 + signal.SIGSEGV
    assert "ended by SIGSEGV" in answer.err


def test_duration_interrupts_it(m1doctor: Command, tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    raise SystemExit(4)")
    assert m1doctor("profile", "--python", sys.executable, "--duration", "1.5", path).status == 4


def test_a_running_process_is_watched_and_left_alone(m1doctor: Command) -> None:
    with subprocess.Popen((sys.executable, "-c", "import time; time.sleep(60)")) as process:
        answer = m1doctor("profile", "--python", sys.executable, "--pid", process.pid, "--duration", "1.2")
        assert answer.status == 0
        assert "and runs on" in answer.err
        assert process.poll() is None
        process.kill()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "a script is expected, or -m MODULE, or --pid PID"),
        (["nowhere.py"], "nowhere.py: no such script"),
        (["--pid", "4194303"], "--pid 4194303: no such process"),
        (["--pid", "1", "train.py"], "--pid watches a process that runs already"),
        (["--duration", "0", "train.py"], "--duration: a number of seconds above 0 is expected, not 0"),
        (["-o", "p.xyz", "."], "--output p.xyz: an ending of .json, .html, .md, .txt is expected"),
        (["-o", "no/p.json", "."], "--output: cannot write no/p.json: there is no folder"),
        (["--compare", "a.json", "b.json"], "cannot read a.json"),
        (["--python", "/nowhere/python", "."], "/nowhere/python does not exist"),
    ],
)
def test_wrong_usage_is_one_line(m1doctor: Command, arguments: list[str], words: str) -> None:
    Path("train.py").touch()
    answer = m1doctor("profile", *arguments)
    assert answer.status == 2
    assert words in answer.err
    assert answer.err.count("\n") == 1
