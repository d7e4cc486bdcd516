"""JUnit XML, which CI systems read: a suite for each family of checks, a case for each check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from m1doctor.model.finding import Finding, Level
from m1doctor.model.report import Report, Result, Status
from m1doctor.render.elements import as_xml, element
from m1doctor.render.plain import paste_line
from m1doctor.render.words import told

_FAMILY = re.compile(r"^[A-Z]+")


def to_junit(report: Report, *, fails: Callable[[Level], bool]) -> str:
    """Render a report as JUnit XML; `fails` says from which level a finding fails its case."""
    families: dict[str, list[Result]] = {}
    for result in report.results:
        match = _FAMILY.match(result.id)
        families.setdefault(match[0] if match else result.id, []).append(result)
    suites = [
        _suite(report, family, [_case(family, result, fails) for result in results])
        for family, results in families.items()
    ]
    if report.failures:
        suites.append(_suite(report, "itself", [_own(failure) for failure in report.failures]))
    return as_xml(element("testsuites", *suites, name="m1doctor", **_counted(suites)))


def _suite(report: Report, family: str, cases: list[Element]) -> Element:
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": f"{sum(float(case.get('time', '0')) for case in cases):.6f}",
    }
    # The schema that CI systems go by knows no time zone: it is UTC.
    return element("testsuite", *cases, name=f"m1doctor.{family}", timestamp=report.created.removesuffix("Z"), **counts)


def _counted(suites: list[Element]) -> dict[str, str]:
    whole = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in ("tests", "failures", "errors")}
    return {**whole, "time": f"{sum(float(suite.get('time', '0')) for suite in suites):.6f}"}


def _case(family: str, result: Result, fails: Callable[[Level], bool]) -> Element:
    return element(
        "testcase",
        *_outcome(result, fails),
        classname=f"m1doctor.{family}",
        name=f"{result.id} {result.slug}",
        time=f"{result.seconds:.6f}",
    )


def _outcome(result: Result, fails: Callable[[Level], bool]) -> Iterator[Element]:
    text = "\n\n".join("\n".join(_lines(finding)) for finding in result.findings)
    if result.status is Status.SKIPPED:
        yield element("skipped", message=told(result))
    elif result.status is Status.CRASHED:
        yield element("error", message=told(result), type="crashed")
    elif any(fails(finding.level) for finding in result.findings):
        yield element("failure", text, message=result.summary, type=result.status.value)
    elif result.findings:
        yield element("system-out", f"{result.status.value}: {text}")


def _lines(finding: Finding) -> Iterator[str]:
    yield finding.message
    if finding.location is not None:
        line = f":{finding.location.line}" if finding.location.line else ""
        yield f"{finding.location.path}{line}"
    yield from finding.evidence
    if finding.expected:
        yield f"Expected: {finding.expected}"
    if finding.remedy is not None:
        yield f"What to do: {finding.remedy.summary}"
        for number, step in enumerate(finding.remedy.steps, 1):
            yield f"{number}. {step.text}"
            if step.argv:
                yield f"   {paste_line(step.argv)}"


def _own(failure: str) -> Element:
    return element(
        "testcase",
        element("error", message=failure, type="unfinished"),
        classname="m1doctor.itself",
        name="the examination comes to its end",
        time="0.000000",
    )
