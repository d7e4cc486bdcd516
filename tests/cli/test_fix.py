from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from environments import real
from environments.package_index import PackageIndex
from environments.small import Small, environment, index
from m1doctor.cli.asking import consent
from m1doctor.errors import UserError

__all__ = ["environment", "index"]

Command = Callable[..., Any]


def broken(small: Small) -> Small:
    """As a careless `pip install` leaves it: the newest of everything, whatever was required."""
    small.install("--no-deps", "alpha==2.0")
    return small


def test_a_repair_is_shown_asked_for_done_and_taken_back(environment: Small) -> None:
    damaged = broken(environment).contents()
    nobody = environment.m1doctor("fix", "--quick")
    assert nobody.returncode == 2
    assert "alpha 2.0 -> 1.0" in nobody.stdout
    assert nobody.stderr == (
        "m1doctor: nothing was changed: nobody can be asked, standard input is no terminal; give --yes\n"
    )
    dry = environment.m1doctor("fix", "--quick", "--dry-run")
    assert (dry.returncode, dry.stdout) == (1, nobody.stdout)
    assert environment.contents() == damaged

    done = environment.m1doctor("fix", "--quick", "--yes")
    assert done.returncode == 0, done.stderr
    assert "\nMended: PKG003 dependency-conflict\n" in done.stdout
    assert environment.versions()["alpha"] == "1.0"
    again = environment.m1doctor("fix", "--quick", "--yes")
    assert (again.returncode, again.stderr) == (0, "m1doctor: there is nothing to repair\n")

    listed = environment.m1doctor("undo", "--list").stdout
    assert listed.endswith(f"fix  {environment.folder}\n  Install alpha<2.\n")
    assert environment.m1doctor("undo").returncode == 2
    assert environment.versions()["alpha"] == "1.0"
    undone = environment.m1doctor("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert environment.contents() == damaged
    nothing = environment.m1doctor("undo", "--yes")
    assert nothing.returncode == 2
    assert nothing.stderr.startswith("m1doctor: nothing of m1doctor's can be taken back in ")


def test_a_repair_of_one_cause_leaves_the_others(environment: Small) -> None:
    broken(environment)
    (environment.site / "alpha" / "v2.py").unlink()
    answer = environment.m1doctor("fix", "--quick", "--dry-run", "--only", "PKG004")
    assert "PKG004" in answer.stdout
    assert "PKG003" not in answer.stdout.partition("To be repaired")[2]


def test_what_a_crash_left_half_done_is_seen_to_before_anything_else(environment: Small, index: PackageIndex) -> None:
    from m1doctor.setup.journal import Journal, Verb  # noqa: PLC0415 - beside its only use

    damaged = broken(environment).contents()
    journal = Journal(Path(environment.environ["XDG_STATE_HOME"]) / "m1doctor" / "journal")
    journal.begin(Verb.FIX, environment.folder, ("Install alpha<2.",))
    index.status = 500
    answer = environment.m1doctor("fix", "--quick", "--yes")
    assert "was interrupted" in answer.stderr
    assert "m1doctor: it is as it was before\n" in answer.stderr
    assert answer.returncode == 3
    assert "Nothing was changed" in answer.stderr
    assert environment.contents() == damaged
    assert journal.transactions()[0].open is False


@pytest.mark.real_tensorflow
def test_a_tensorflow_that_does_not_import_is_repaired_and_runs(tmp_path: Path) -> None:
    """Four faults at once, as careless installs and a cleaner leave them behind."""
    (tmp_path / "project").mkdir()
    copy = real.clone(real.linux_environment("tensorflow-cpu==2.18.1"), tmp_path / "project" / ".venv")
    environment = Small(copy, {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")})
    environment.install("--no-deps", "numpy==2.3.1", "keras==2.15.0")
    environment.uv("pip", "uninstall", "--quiet", "--python", environment.python, "opt-einsum")
    (environment.site / "gast" / "gast.py").unlink()
    damaged = environment.contents()

    done = environment.m1doctor("fix", "--quick", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    for check in ("PKG003", "PKG004", "PKG007"):
        assert check in done.stdout.partition("Mended: ")[2]
    code = "import tensorflow as tf; print(tf.reduce_sum(tf.ones(3)).numpy())"
    ran = subprocess.run([environment.python, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "3.0\n", ran.stderr

    undone = environment.m1doctor("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert environment.contents() == damaged


def test_a_saved_report_is_planned_for_and_nothing_is_changed(environment: Small) -> None:
    damaged = broken(environment).contents()
    environment.m1doctor("diagnose", "--quick", "--format", "json", "--output", "saved.json")
    answer = environment.m1doctor("fix", "--replay", "saved.json", "--yes")
    assert answer.returncode == 1
    assert "Install alpha<2." in answer.stdout
    assert answer.stderr.startswith("m1doctor: planned only")
    assert environment.contents() == damaged


def test_a_saved_report_of_a_mac_is_planned_for(m1doctor: Command, saved: Path) -> None:
    answer = m1doctor("fix", "--replay", saved)
    assert "planned only" in answer.err
    assert answer.out


def test_a_python_that_is_no_environment_is_left_alone(environment: Small) -> None:
    base = json.loads(environment.m1doctor("diagnose", "--quick", "--format", "json").stdout)
    python = base["facts"]["interpreter"]["real_executable"]
    answer = environment.m1doctor("fix", "--quick", "--python", python, "--yes")
    assert answer.returncode == 1
    assert "Not repaired: " in answer.stdout
    assert "m1doctor setup" in answer.stdout


def test_an_environment_that_lost_its_python_is_left_and_another_is_planned(environment: Small) -> None:
    """What is published is for macOS, so that on Linux the plan is all."""
    python = environment.folder / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    left = environment.contents()
    answer = environment.m1doctor("fix", "--yes")
    assert answer.returncode == 1
    assert "This environment is not patched" in answer.stdout
    assert f"A new environment in {environment.folder}-native\n" in answer.stdout
    assert "The published environments are for macOS" in answer.stdout
    assert environment.contents() == left


def test_an_interrupt_puts_everything_back(environment: Small, index: PackageIndex) -> None:
    damaged = broken(environment).contents()
    journal = Path(environment.environ["XDG_STATE_HOME"]) / "m1doctor" / "journal"
    process = environment.started("fix", "--quick", "--yes")
    while not any('"step"' in file.read_text() for file in journal.glob("*.jsonl")):
        if any(journal.glob("*.jsonl")):
            index.hang = True
            shutil.rmtree(environment.environ["UV_CACHE_DIR"], ignore_errors=True)
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "m1doctor: interrupted\n")
    assert environment.contents() == damaged
    assert environment.m1doctor("undo", "--yes").returncode == 2


def test_wrong_usage_is_one_line(m1doctor: Command, saved: Path) -> None:
    assert m1doctor("fix", "--replay", saved, "--python", "x").err == (
        "m1doctor: --replay and --python exclude each other\n"
    )
    answer = m1doctor("fix", "--only", "NONESUCH")
    assert answer.status == 2
    assert answer.err.startswith("m1doctor: --only: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "agreed"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_only_a_yes_is_a_yes(typed: str, agreed: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001
    assert consent("Do this?", yes=False, answers=Terminal(typed)) is agreed
    assert capsys.readouterr().err.startswith("\nDo this? Type y for yes, anything else for no.\n")


def test_where_nobody_can_be_asked_nothing_is_done() -> None:
    with pytest.raises(UserError, match="nothing was changed"):
        consent("Do this?", yes=False, answers=io.StringIO("y\n"))
    assert consent("Do this?", yes=True, answers=io.StringIO(""))
