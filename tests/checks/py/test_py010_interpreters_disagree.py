"""PY010: tools that pass for this environment and are another."""

from __future__ import annotations

from typing import Any

import pytest

from interpreters import PYTHON, VENV, facts, interpreter
from judged import judged
from m1doctor.checks.py.py010_interpreters_disagree import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Neighbour, NeighbourKind
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_asked

OTHER = "/opt/homebrew/bin/python3.13"
TENSORFLOW = "tensorflow 2.18.1"


def neighbour(kind: NeighbourKind, role: str, **more: Any) -> Neighbour:
    usual: dict[str, Any] = {
        "path": "/opt/homebrew/bin/tool",
        "interpreter": OTHER,
        "interpreter_exists": True,
        "same_environment": False,
        "claim": "it claims to",
        "tensorflow": (),
    }
    return Neighbour(kind=kind, role=role, **{**usual, **more})


def beside(*neighbours: Neighbour, installed: tuple[str, ...] = (TENSORFLOW,), **more: Any) -> Facts:
    return facts(interpreter(neighbours=neighbours, **more), *installed)


PIP = NeighbourKind.PIP, "pip on PATH"
OWN_PIP = NeighbourKind.PIP, "pip of this environment"
PYTHON3 = NeighbourKind.PYTHON, "python on PATH"
KERNEL = NeighbourKind.KERNEL, "Jupyter kernel tf"
EDITOR = NeighbourKind.EDITOR, "VS Code in /Users/someone/work"


@pytest.mark.parametrize(
    ("tool", "active", "here", "there", "status"),
    [
        (PIP, True, True, False, Status.ERROR),
        (PYTHON3, True, True, True, Status.ERROR),
        (OWN_PIP, False, True, False, Status.ERROR),
        (PIP, False, True, False, Status.WARNING),
        (PIP, False, True, True, Status.WARNING),
        (PIP, False, False, True, Status.ERROR),
        (PIP, False, False, False, Status.WARNING),
        (PYTHON3, False, True, False, Status.PASS),
        (PYTHON3, False, True, True, Status.PASS),
        (PYTHON3, False, False, True, Status.ERROR),
        (PYTHON3, False, False, False, Status.PASS),
        (KERNEL, False, True, False, Status.ERROR),
        (KERNEL, False, True, True, Status.WARNING),
        (KERNEL, False, False, True, Status.ERROR),
        (EDITOR, False, True, False, Status.ERROR),
        (EDITOR, False, True, True, Status.WARNING),
    ],
)
def test_how_bad_it_is_depends_on_what_it_breaks(
    tool: tuple[NeighbourKind, str],
    active: bool,  # noqa: FBT001 - a column of the table
    here: bool,  # noqa: FBT001 - likewise
    there: bool,  # noqa: FBT001 - likewise
    status: Status,
) -> None:
    other = neighbour(*tool, tensorflow=(TENSORFLOW,) if there else ())
    result = judged(CHECK, beside(other, installed=(TENSORFLOW,) if here else (), active=active))
    assert result.status is status


def test_the_evidence_names_both_interpreters_and_what_each_has() -> None:
    (finding,) = judged(CHECK, beside(neighbour(*KERNEL))).findings
    assert finding.message.startswith(f"Jupyter kernel tf uses {OTHER}, not this environment: Python 3.11.9")
    assert "TensorFlow there: none" in finding.evidence
    assert f"TensorFlow here: {TENSORFLOW}" in finding.evidence
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv == (PYTHON, "-m", "ipykernel", "install", "--user", "--name", "tf")
    assert "copy" not in str(finding.remedy)


def test_a_kernel_whose_python_is_gone_is_an_error() -> None:
    gone = neighbour(*KERNEL, interpreter_exists=False, tensorflow=None)
    assert "which does not exist" in judged(CHECK, beside(gone)).summary


def test_a_conda_environment_without_python_is_told_as_that() -> None:
    result = judged(CHECK, beside(neighbour(*PIP), executable_exists=False, active=True, installed=()))
    assert result.status is Status.ERROR
    assert result.summary == f"{VENV} has no Python of its own, and pip on PATH is that of {OTHER}."


def test_the_same_stranger_under_two_names_is_told_once() -> None:
    names = [neighbour(NeighbourKind.PIP, f"{name} on PATH") for name in ("pip", "pip3")]
    assert len(judged(CHECK, beside(*names, active=True)).findings) == 1


@pytest.mark.parametrize("more", [{"claim": None}, {"same_environment": True}, {"same_environment": None}])
def test_who_claims_nothing_or_is_at_home_or_cannot_be_told_is_no_finding(more: dict[str, Any]) -> None:
    assert judged(CHECK, beside(neighbour(*PIP, **more), active=True)).status is Status.PASS


def test_unknown_neighbours_are_not_a_pass() -> None:
    folder = interpreter(neighbours=None, unknown={"neighbours": not_asked("a folder was examined")})
    assert judged(CHECK, facts(folder)).skip is SkipKind.NOT_ASKED
