"""MEM007: a process was killed from outside."""

from __future__ import annotations

import logs
from judged import judged
from m1doctor.checks.mem.mem007_killed_for_memory import CHECK
from m1doctor.support.log.report import facts_of


def test_the_shells_word_alone_is_called_a_suspicion() -> None:
    (finding,) = judged(CHECK, facts_of(logs.read("zsh: killed     python"))).findings
    assert "first suspect" in finding.message
    (proof,) = judged(
        CHECK, facts_of(logs.read("memorystatus: killing_top_process pid 4 [python] (vm-pageshortage)"))
    ).findings
    assert "suspect" not in proof.message
