"""The linter's answer as Markdown, for a pull request or an issue."""

from __future__ import annotations

import re
from itertools import groupby

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.render.lint.words import LEVEL_WORDS, asides, judged_for, sentence, totals
from m1doctor.render.markdown import code, fence, prose


def as_markdown(answer: Answer) -> str:
    """A heading with the totals, then each file with its findings and their lines of source."""
    lines = [f"**{totals(answer)}**", ""]
    for path, findings in groupby(answer.findings, key=lambda each: each.path):
        lines += [f"#### {prose(path)}", ""]
        for finding in findings:
            lines += _finding(finding)
    if answer.passed:
        lines += ["#### Passed over", ""]
        lines += [f"- {prose(f'{each.path}: {each.reason}')}" for each in answer.passed]
        lines.append("")
    lines += [f"- {prose(each)}" for each in (*answer.crashes, *asides(answer), judged_for(answer.versions))]
    return "\n".join(lines) + "\n"


def _finding(finding: LintFinding) -> list[str]:
    where = f"line {finding.line}" if finding.cell is None else f"cell {finding.cell}, line {finding.line}"
    return [
        f"- **{finding.rule}** {LEVEL_WORDS[finding.level]}, {where}: {_message(sentence(finding))}",
        "",
        fence([finding.source_line.strip()], "python", indent="  "),
        "",
    ]


def _message(words: str) -> str:
    """A sentence of ours, in which backticks stand around code."""
    parts = re.split(r"`([^`]*)`", words)
    return "".join(code(part) if number % 2 else _spaced(part) for number, part in enumerate(parts))


def _spaced(part: str) -> str:
    """Prose with the spaces that part it from the code beside it."""
    start, end = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{start}{prose(part)}{end}" if part.strip() else part
