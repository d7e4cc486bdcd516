"""The linter's answer as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from m1doctor import __version__
from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.lint.rule import Rule
from m1doctor.model.finding import Level
from m1doctor.render.lint.words import sentence

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def as_sarif(answer: Answer, rules: Iterable[Rule]) -> str:
    """One run with the rules that found something, the results, and what could not be read."""
    seen = {finding.rule for finding in answer.findings}
    told = [rule for rule in rules if rule.id in seen]
    position = {rule.id: number for number, rule in enumerate(told)}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "m1doctor", "version": __version__, "rules": [_rule(rule) for rule in told]}
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not answer.crashes,
                        "toolExecutionNotifications": [
                            {
                                "level": "note",
                                "message": {"text": f"passed over: {each.reason}"},
                                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(each.path)}}}],
                            }
                            for each in answer.passed
                        ]
                        + [{"level": "error", "message": {"text": crash}} for crash in answer.crashes],
                    }
                ],
                "results": [_result(each, position[each.rule]) for each in answer.findings],
            }
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": " ".join(page.what.split())},
        "fullDescription": {"text": " ".join(page.why.split())},
        "help": {"text": " ".join(page.fix.split())},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }


def _result(finding: LintFinding, position: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.path)}}
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
        "level": _LEVELS[finding.level],
        "message": {"text": sentence(finding)},
        "locations": [location],
    }


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
