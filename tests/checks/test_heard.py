"""Checks that hear of their fault in a log: the wordings of ``heard.toml`` are told, what resembles them is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import logs
from judged import judged
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind
from m1doctor.support.log.report import facts_of

HEARD: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("heard.toml").read_text(encoding="utf-8"))
CHECKS = {check.id: check for check in logs.registry()}
TOLD = [(check_id, text) for check_id, entry in HEARD.items() for text in entry["told"]]
UNTOLD = [(check_id, text) for check_id, entry in HEARD.items() for text in entry["untold"]]


@pytest.mark.parametrize(("check_id", "text"), TOLD)
def test_the_words_of_a_fault_are_told_with_their_line(check_id: str, text: str) -> None:
    result = judged(CHECKS[check_id], facts_of(logs.read(f"well\n{text}")))
    assert result.status.value == HEARD[check_id]["level"]
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(("check_id", "text"), UNTOLD)
def test_words_that_resemble_them_are_not(check_id: str, text: str) -> None:
    result = judged(CHECKS[check_id], facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


@pytest.mark.parametrize("check_id", HEARD)
def test_without_a_log_nothing_is_said(check_id: str) -> None:
    assert judged(CHECKS[check_id], Facts()).skip is SkipKind.NOT_ASKED


def test_every_check_that_needs_a_log_and_nothing_else_is_in_the_table() -> None:
    assert {check.id for check in CHECKS.values() if tuple(check.needs) == ("log",)} == set(HEARD)
