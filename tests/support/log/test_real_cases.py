"""Publicly documented cases: what the text alone decides is named first, nothing tempting is, and nothing where it decides nothing."""

from __future__ import annotations

import json

import logs
import pytest

CASES = logs.cases()
pytestmark = pytest.mark.skipif(not CASES, reason="the real cases are not at hand")


def accepted(case: dict) -> set[str]:
    """The ids that may be named first; a new check is accepted under its slug."""
    names = {*case["expected_from_log"][:1], *case.get("also_right", ())}
    slugs = {name.removeprefix("new:") for name in names}
    return {check.id for check in logs.registry() if check.id in names or check.slug in slugs} | names


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_cause_that_the_text_decides_comes_first(case):
    report = logs.judged(case["input"]["log"])
    causes = report.verdict.causes
    if not case["expected_from_log"]:
        assert causes == ()
    else:
        assert causes, report.verdict.headline
        assert causes[0] in accepted(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_nothing_tempting_is_said(case):
    report = logs.judged(case["input"]["log"])
    failed = {result.id for result in report.results if result.status.failed}
    assert not failed & set(case["must_not_say"])
    remedies = json.dumps(
        [
            [finding.remedy.summary, [(step.text, step.argv) for step in finding.remedy.steps]]
            for result in report.results
            for finding in result.findings
            if finding.remedy is not None
        ]
    )
    for words in case["must_not_say"]:
        if " " in words or "=" in words:
            assert words not in remedies


def test_the_count_of_cases_is_told(record_property, capsys):
    right = 0
    for case in CASES:
        causes = logs.causes(case["input"]["log"])
        right += (causes[:1] == []) if not case["expected_from_log"] else bool(causes) and causes[0] in accepted(case)
    record_property("cases", f"{right} of {len(CASES)}")
    with capsys.disabled():
        print(f"\nlog cases: {right} of {len(CASES)} first causes right")
    assert right == len(CASES)
