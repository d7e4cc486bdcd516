"""The linter's answer as one JSON document."""

from __future__ import annotations

import json
from typing import Any

from m1doctor import __version__
from m1doctor.lint.finding import Answer, LintFinding

SCHEMA_VERSION = 1
"""Adding a key keeps it; changing the meaning of one raises it."""


def as_json(answer: Answer) -> str:
    """Render the answer; the order is fixed and no time is in it, so that two runs of one tree give one text."""
    versions = answer.versions
    document = {
        "schema_version": SCHEMA_VERSION,
        "m1doctor_version": __version__,
        "versions": {
            "tensorflow": versions.tensorflow,
            "keras": versions.keras,
            "plugin": versions.plugin,
            "chip": versions.chip,
            "why": versions.why,
        },
        "files": answer.files,
        "lines": answer.lines,
        "silenced": answer.silenced,
        "hints": answer.hints,
        "findings": [_finding(each) for each in answer.findings],
        "passed_over": [{"path": each.path, "reason": each.reason} for each in answer.passed],
        "failures": list(answer.crashes),
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _finding(finding: LintFinding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "slug": finding.slug,
        "level": finding.level.value,
        "message": finding.message,
        "only_if": finding.only_if,
        "gain": finding.gain,
        "path": finding.path,
        "cell": finding.cell,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "source": finding.source_line,
        "fixable": finding.repair is not None,
    }
