"""The linter's answer as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.lint.rule import Rule
from m1doctor.render.lint.words import sentence
from m1doctor.render.sarif import LEVELS, sarif_log, sarif_rule, sarif_uri


def as_sarif(answer: Answer, rules: Iterable[Rule]) -> str:
    """One run with the rules that found something, the results, and what could not be read."""
    seen = {finding.rule for finding in answer.findings}
    told = [rule for rule in rules if rule.id in seen]
    position = {rule.id: number for number, rule in enumerate(told)}
    passed = [
        {
            "level": "note",
            "message": {"text": f"passed over: {each.reason}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": sarif_uri(each.path)}}}],
        }
        for each in answer.passed
    ]
    return sarif_log(
        [_rule(rule) for rule in told],
        [_result(each, position[each.rule]) for each in answer.findings],
        successful=not answer.crashes,
        notifications=[*passed, *({"level": "error", "message": {"text": crash}} for crash in answer.crashes)],
    )


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    sections = (("Why it matters", page.why), ("How to mend it", page.fix))
    return sarif_rule(rule.id, rule.slug, rule.level, what=page.what, sections=sections)


def _result(finding: LintFinding, position: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": sarif_uri(finding.path)}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.cell is None:
        physical["region"] = {
            "startLine": finding.line,
            "startColumn": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        }
    else:
        # A region counts lines of the file itself, which for a notebook are lines of JSON.
        where = f"cell {finding.cell}, line {finding.line}"
        location["logicalLocations"] = [{"name": where, "kind": "element"}]
        location["message"] = {"text": where}
    return {
        "ruleId": finding.rule,
        "ruleIndex": position,
        "level": LEVELS[finding.level],
        "message": {"text": sentence(finding)},
        "locations": [location],
    }
