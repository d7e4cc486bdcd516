from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

import rendered
import reports
from m1doctor.model.finding import Finding, Level
from m1doctor.model.report import Report, Status
from m1doctor.render.junit import to_junit
from m1doctor.render.plain import plain

_ORDER = ("testcase", "system-out", "system-err")
_OUTCOMES = ("skipped", "error", "failure", "system-out")


def errors(level: Level) -> bool:
    return level is Level.ERROR


def read(report: Report, fails: Any = errors) -> tuple[Any, list[Any]]:
    """The document as a CI system reads it, held to what their schema demands, and its cases."""
    document = JUnitXml.fromstring(to_junit(report, fails=fails).encode())
    _hold_to_the_schema(document._elem)
    return document, [case for suite in document for case in suite]


def _hold_to_the_schema(root: Element) -> None:
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"} <= set(suite.attrib)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
        assert [child.tag for child in suite] == sorted((child.tag for child in suite), key=_ORDER.index)
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for outcome, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.attrib[count]) == len(suite.findall(f"testcase/{outcome}"))
        for case in suite:
            assert {"name", "classname", "time"} <= set(case.attrib)
            assert float(case.attrib["time"]) >= 0
            assert all(child.tag in _OUTCOMES for child in case)
            assert len(case) <= 1
    for count in ("tests", "failures", "errors"):
        assert int(root.attrib[count]) == sum(int(suite.attrib[count]) for suite in root)


def outcomes(cases: list[Any]) -> Iterator[str]:
    for case in cases:
        yield case.result[0]._tag if case.result else "system-out" if case.system_out else "passed"


@pytest.mark.parametrize("name", rendered.NAMES)
def test_every_report_has_a_case_for_each_check(name: str) -> None:
    report, _ = rendered.named(name)
    _, cases = read(report)
    told = {
        Status.PASS: "passed",
        Status.NOTE: "system-out",
        Status.WARNING: "system-out",
        Status.ERROR: "failure",
        Status.SKIPPED: "skipped",
        Status.CRASHED: "error",
    }
    assert set(told) == set(Status)
    cases = [case for case in cases if case.classname != "m1doctor.itself"]
    by_name = dict(zip((case.name for case in cases), outcomes(cases), strict=True))
    assert by_name == {f"{result.id} {result.slug}": told[result.status] for result in report.results}


def test_a_suite_is_a_family() -> None:
    document, _ = read(reports.broken()[0])
    assert [suite.name for suite in document] == ["m1doctor.MAC", "m1doctor.LNK", "m1doctor.TF", "m1doctor.MEM"]


def test_a_failure_says_all_that_is_needed_to_mend_it() -> None:
    report, _ = rendered.full()
    _, cases = read(report)
    (failed,) = (case for case in cases if case.name == "TF003 told-slug")
    (failure,) = failed.result
    assert failure.message == "told-message"
    assert failure.type == "error"
    for words in (
        "/told-path:7",
        "told-evidence",
        "Expected: told-expected",
        "1. told-step.",
        "told-command 'an argument'",
    ):
        assert words in failure.text


def test_from_which_level_a_case_fails_is_the_callers_choice() -> None:
    report, _ = reports.broken()
    assert list(outcomes(read(report)[1])).count("failure") == 1
    assert list(outcomes(read(report, lambda level: level is not Level.NOTE)[1])).count("failure") == 2
    assert list(outcomes(read(report, lambda _: False)[1])).count("failure") == 0


def test_what_m1doctor_could_not_do_is_an_error() -> None:
    report, _ = rendered.full()
    document, cases = read(report)
    (own,) = (case for case in cases if case.classname == "m1doctor.itself")
    assert own.result[0].message == "told-failure"
    assert document.errors == 2


@given(rendered.TEXT | st.text(st.characters(codec=None)))
def test_any_captured_text_gives_a_document_that_holds_it(text: str) -> None:
    finding = Finding(level=Level.ERROR, message=text, evidence=(text,))
    report, _ = reports.report(reports.BROKEN_FACTS, [reports.check("LNK002", "a-slug", findings=(finding,))])
    (case,) = read(report)[1]
    (failure,) = case.result
    shown = "\n".join(plain(line) for line in text.split("\n"))
    assert failure.message == plain(text)
    assert shown in failure.text
