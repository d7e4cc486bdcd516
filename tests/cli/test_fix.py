from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import reports
from documented import valid
from environments import real
from environments.package_index import PackageIndex
from environments.small import CHECKOUT, Small, environment, index
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.cli.asking import consent
from m1doctor.diagnosis import make_report
from m1doctor.documents import to_json
from m1doctor.errors import UserError
from m1doctor.model.packages import DirectOrigin
from m1doctor.model.report import Target, TargetKind
from machines import loading

__all__ = ["environment", "index"]

Command = Callable[..., Any]
READ_ONLY = subprocess.run(["/bin/sh", "-c", "unshare --mount true"], capture_output=True, check=False).returncode == 0
"""Whether a volume can be made read-only for one command alone."""


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


def test_scripts_get_a_document_of_each_run_and_words_go_to_standard_error(environment: Small) -> None:
    damaged = broken(environment).contents()

    def told(*arguments: str, status: int) -> dict[str, Any]:
        answer = environment.m1doctor(*arguments, "--format", "json")
        assert answer.returncode == status, answer.stderr
        return valid("change", json.loads(answer.stdout))

    nobody = told("fix", "--quick", status=2)
    assert (nobody["outcome"], nobody["transaction"], nobody["undo"]) == ("planned", None, [])
    assert nobody["why"].endswith("give --yes")
    dry = told("fix", "--quick", "--dry-run", status=1)
    assert (dry["outcome"], dry["why"]) == ("planned", None)
    assert [aim["id"] for aim in dry["aims"]] == ["PKG003"]
    assert dry["packages"] == [{"name": "alpha", "before": "2.0", "after": "1.0"}]
    (deed,) = dry["deeds"]
    assert (deed["causes"], deed["ended"], deed["step"]["kind"]) == (["PKG003"], "not-begun", "run")
    assert deed["step"]["argv"][-1] == "alpha<2"
    assert environment.contents() == damaged

    done = told("fix", "--quick", "--yes", status=0)
    assert (done["outcome"], done["deeds"][0]["ended"]) == ("kept", "done")
    assert done["judgement"]["mended"] == ["PKG003"]
    assert done["before"]["causes"] == ["PKG003"]
    assert valid("report", done["report"])["verdict"]["causes"] == []
    assert done["undo"] == ["m1doctor", "undo", str(environment.folder)]
    assert told("fix", "--quick", "--yes", status=0)["outcome"] == "nothing-to-do"

    listed = valid("undo-list", json.loads(environment.m1doctor("undo", "--list", "--format", "json").stdout))
    assert [each["transaction"] for each in listed["transactions"]] == [done["transaction"]]
    assert told("undo", "--dry-run", status=0)["outcome"] == "planned"
    undone = told(*done["undo"][1:], "--yes", status=0)
    assert (undone["outcome"], undone["takes_back"]["transaction"]) == ("undone", done["transaction"])
    assert environment.contents() == damaged


def test_the_answer_goes_into_a_file_that_was_named(environment: Small) -> None:
    broken(environment)
    shown = environment.m1doctor("fix", "--quick", "--dry-run")
    written = environment.m1doctor("fix", "--quick", "--dry-run", "--output", "plan.txt")
    assert (written.stdout, written.stderr) == ("", shown.stdout)
    assert (environment.folder.parent / "plan.txt").read_text() == shown.stdout
    environment.m1doctor("fix", "--quick", "--dry-run", "--format", "json", "-o", "plan.json")
    valid("change", json.loads((environment.folder.parent / "plan.json").read_text()))
    refused = environment.m1doctor("fix", "--output", "nonesuch/plan.txt")
    assert refused.returncode == 2
    assert refused.stderr.startswith("m1doctor: --output: cannot write nonesuch/plan.txt: there is no folder ")


def test_a_repair_that_cannot_be_resolved_is_told_in_the_document_too(environment: Small, index: PackageIndex) -> None:
    broken(environment)
    index.status = 500
    answer = environment.m1doctor("fix", "--quick", "--yes", "--format", "json")
    assert answer.returncode == 3
    document = valid("change", json.loads(answer.stdout))
    assert document["outcome"] == "refused"
    assert document["why"].startswith("uv finds no way to do this: ")


@pytest.mark.skipif(
    os.geteuid() == 0 and not READ_ONLY, reason="root writes everywhere, and no volume can be read-only"
)
def test_an_environment_that_is_not_ours_to_write_is_left_alone(environment: Small) -> None:
    damaged = broken(environment).contents()
    folder = shlex.quote(str(environment.folder))
    if os.geteuid() == 0:
        first = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
        protect = ("unshare", "--mount", "/bin/sh", "-c", f'{first} && exec "$@"', "sh")
    else:
        protect = ("/bin/sh", "-c", f'chmod a-w {folder}; trap "chmod u+w {folder}" EXIT; "$@"', "sh")
    command = (sys.executable, "-m", "m1doctor", "fix", "--quick", "--yes", "--format", "json")
    answer = subprocess.run(
        [*protect, *command],
        env={**environment.environ, "PYTHONPATH": str(CHECKOUT)},
        cwd=environment.folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2, answer.stderr
    assert answer.stderr.endswith(f"m1doctor: {environment.folder} is not yours to write; nothing was changed\n")
    document = valid("change", json.loads(answer.stdout))
    assert (document["outcome"], document["transaction"]) == ("refused", None)
    assert environment.contents() == damaged


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


def test_another_environment_beside_a_translated_one_lacks_packages_and_says_how_to_add_them(
    m1doctor: Command, tmp_path: Path
) -> None:
    facts = loading.load("rosetta-shell", tmp_path / "root").facts()
    own = replace(reports.distribution("pandas", "2.2.0"), requires=("numpy>=1.22", "pytz>=2020.1"))
    theirs = (own, reports.distribution("pytz", "2024.1"))
    edited = replace(reports.distribution("mine", "0.1"), direct_origin=DirectOrigin.EDITABLE)
    packages = replace(facts.packages, distributions=(*facts.packages.distributions, *theirs, edited))
    registry = Registry(built_in_checks())
    target = Target(kind=TargetKind.PYTHON, path="/somewhere/bin/python", why="--python")
    report = make_report(replace(facts, packages=packages), target, registry, choose(registry))
    Path("saved.json").write_text(to_json(report))

    shown = m1doctor("fix", "--replay", "saved.json")
    assert "3 packages of the old environment will not be in the new one: mine" in shown.out
    assert "\n\nA new environment in " in shown.out
    document = valid("change", m1doctor("fix", "--replay", "saved.json", "--format", "json").document)
    assert document["environment"].endswith("-native")
    assert document["beside"] == facts.interpreter.prefix
    assert [deed["causes"] for deed in document["deeds"]] == [["PY001"]] * 3
    assert [left["id"] for left in document["by_hand"]] == ["PY001", "PY001", "PY009"]
    lacking = document["by_hand"][1]
    add, by_hand = lacking["steps"]
    assert (add["kind"], add["argv"][-1], add["argv"][-3]) == ("run", "pandas", "--constraint")
    assert by_hand == {
        "kind": "manual",
        "text": "Install mine as you did before: it came from no index (editable installation).",
    }


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
    process = environment.started("fix", "--quick", "--yes", "--format", "json")
    while not any('"step"' in file.read_text() for file in journal.glob("*.jsonl")):
        if any(journal.glob("*.jsonl")):
            index.hang = True
            shutil.rmtree(environment.environ["UV_CACHE_DIR"], ignore_errors=True)
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("m1doctor: interrupted\n")
    document = valid("change", json.loads(out))
    assert (document["outcome"], document["why"]) == ("rolled-back", "interrupted")
    assert [deed["ended"] for deed in document["deeds"]] == ["failed"]
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
