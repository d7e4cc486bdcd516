"""The linter's answer as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.model.finding import Level
from m1doctor.render.lint.words import sentence

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def as_github(answer: Answer) -> str:
    """One line a finding, and one for each file that was passed over."""
    lines = [_line(each) for each in answer.findings]
    lines += [f"::notice file={_property(each.path)}::{_data(f'passed over: {each.reason}')}" for each in answer.passed]
    return "".join(f"{line}\n" for line in lines)


def _line(finding: LintFinding) -> str:
    properties = {"file": finding.path}
    message = sentence(finding)
    if finding.cell is None:
        properties |= {"line": str(finding.line), "col": str(finding.column), "endLine": str(finding.end_line)}
        if finding.end_line == finding.line:
            properties["endColumn"] = str(finding.end_column)
    else:
        # A notebook's cells have no lines of the file that GitHub shows.
        message = f"cell {finding.cell}, line {finding.line}: {message}"
    properties["title"] = f"{finding.rule} {finding.slug}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.level]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
