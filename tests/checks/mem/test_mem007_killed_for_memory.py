"""MEM007: a process was killed from outside."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.mem.mem007_killed_for_memory import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    [
        "zsh: killed     python train.py",
        "Killed: 9",
        "Process finished with exit code 137 (interrupted by signal 9: SIGKILL)",
        "low swap: killing largest compressed process with pid 4 (python3)",
    ],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(
    "text", ["zsh: abort      python train.py", "Process finished with exit code 134", "killed time while training"]
)
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED


def test_the_shells_word_alone_is_called_a_suspicion() -> None:
    (finding,) = judged(CHECK, facts_of(logs.read("zsh: killed     python"))).findings
    assert "first suspect" in finding.message
    (proof,) = judged(
        CHECK, facts_of(logs.read("memorystatus: killing_top_process pid 4 [python] (vm-pageshortage)"))
    ).findings
    assert "suspect" not in proof.message
