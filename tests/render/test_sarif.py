from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rendered
import reports
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.report import Report
from m1doctor.render.plain import plain
from m1doctor.render.sarif import LEVELS, sarif_uri, to_sarif
from sarif_schema import validator


def run_of(report: Report, registry: Registry) -> dict[str, Any]:
    document = json.loads(to_sarif(report, registry))
    validator().validate(document)
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize("name", rendered.NAMES)
def test_every_report_is_valid_and_has_a_rule_for_each_check_and_a_result_for_each_finding(name: str) -> None:
    report, registry = rendered.named(name)
    run = run_of(report, registry)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [result.id for result in report.results]
    findings = [(result.id, finding.level) for result in report.results for finding in result.findings]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        (check_id, LEVELS[level]) for check_id, level in findings
    ]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"]


def test_every_rule_has_a_help_text_a_name_and_its_level() -> None:
    report, _ = rendered.of_machine("healthy-m2-pro")
    registry = Registry(built_in_checks())
    for rule in run_of(report, registry)["tool"]["driver"]["rules"]:
        check = registry.get(rule["id"])
        assert check is not None
        assert rule["defaultConfiguration"]["level"] == LEVELS[check.level]
        assert rule["name"].isalnum()
        assert rule["help"]["text"].startswith("Why it matters: ")
        assert rule["help"]["markdown"].startswith("**Why it matters**: ")
        for source in check.page.sources:
            assert source.title in rule["help"]["text"]


def test_a_finding_points_to_its_file_and_line() -> None:
    run = run_of(*rendered.full())
    (located,) = (each for each in run["results"] if "physicalLocation" in each["locations"][0])
    assert located["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "file:///told-path"},
        "region": {"startLine": 7},
    }
    assert located["message"]["text"] == "told-message\nExpected: told-expected\nWhat to do: told-summary."
    assert located["properties"]["commands"] == ["told-command 'an argument'"]


def test_a_finding_without_a_file_points_to_the_environment() -> None:
    run = run_of(*reports.broken())
    assert run["results"][0]["locations"] == [
        {"logicalLocations": [{"kind": "environment", "name": reports.PYTHON}]},
    ]


def test_what_m1doctor_could_not_do_is_a_notification_and_no_success() -> None:
    (invocation,) = run_of(*rendered.full())["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert told[0] == "told-failure"
    assert any("told-crash" in words for words in told)
    assert run_of(*reports.healthy())["invocations"][0]["executionSuccessful"] is True


def test_the_same_finding_of_another_day_has_the_same_fingerprint() -> None:
    report, registry = reports.broken()
    later = replace(report, created="2027-01-01T00:00:00Z")
    first, second = (
        [result["partialFingerprints"] for result in run_of(each, registry)["results"]] for each in (report, later)
    )
    assert first == second
    assert len({each["finding/v1"] for each in first}) == len(first)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/a b/ü.py", "file:///a%20b/%C3%BC.py"),
        ("train.py", "train.py"),
        ("a b/#1?.py", "a%20b/%231%3F.py"),
        ("/bytes-\udcff", "file:///bytes-%FF"),
    ],
)
def test_a_path_is_an_address(path: str, uri: str) -> None:
    assert sarif_uri(path) == uri


@given(rendered.TEXT | st.text(st.characters(codec=None)))
def test_any_captured_text_gives_a_valid_document_that_holds_it(text: str) -> None:
    finding = Finding(level=Level.ERROR, message=text, evidence=(text,), location=Location(path=text))
    run = run_of(*reports.report(reports.BROKEN_FACTS, [reports.check("LNK002", "a-slug", findings=(finding,))]))
    assert run["results"][0]["message"]["text"] == (plain(text) or "a-slug")


def test_every_level_has_a_word() -> None:
    assert set(LEVELS) == set(Level)
