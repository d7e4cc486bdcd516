"""Publicly documented cases: the cause that the text decides comes first, and nothing tempting is said."""

from __future__ import annotations

from typing import Any

import pytest

import logs

CASES = logs.cases()
pytestmark = pytest.mark.skipif(not CASES, reason="the real cases are not at hand")


def accepted(case: dict[str, Any]) -> set[str]:
    """The ids that may be named first; a new check is accepted under its slug."""
    names = {*case["expected_from_log"][:1], *case.get("also_right", ())}
    slugs = {name.removeprefix("new:") for name in names}
    return {check.id for check in logs.registry() if check.id in names or check.slug in slugs} | names


def is_right(case: dict[str, Any]) -> bool:
    causes = logs.causes(case["input"]["log"])
    return not causes if not case["expected_from_log"] else bool(causes) and causes[0] in accepted(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_cause_that_the_text_decides_comes_first(case: dict[str, Any]) -> None:
    assert is_right(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_nothing_tempting_is_said(case: dict[str, Any]) -> None:
    report = logs.judged(case["input"]["log"])
    failed = {result.id for result in report.results if result.status.failed}
    assert not failed & set(case["must_not_say"])
    said = " ".join(
        f"{finding.message} {finding.remedy.summary} {' '.join(step.text for step in finding.remedy.steps)}"
        for result in report.results
        for finding in result.findings
        if finding.remedy is not None
    )
    assert not [words for words in case["must_not_say"] if not words.isalnum() and words in said]


def test_the_count_of_cases_is_told(record_property: Any, capsys: pytest.CaptureFixture[str]) -> None:
    right = sum(map(is_right, CASES))
    record_property("cases", f"{right} of {len(CASES)}")
    with capsys.disabled():
        print(f"\n{right} of {len(CASES)} logs of real cases: first cause right")  # noqa: T201 - the count is the result
    assert right == len(CASES)
