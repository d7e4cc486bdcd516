"""The linter's answer as Markdown, for a pull request or an issue."""

from __future__ import annotations

from itertools import groupby

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.render.lint.words import LEVEL_WORDS, asides, judged_for, sentence, totals
from m1doctor.render.markdown import fence, own_words, prose


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
        f"- **{finding.rule}** {LEVEL_WORDS[finding.level]}, {where}: {own_words(sentence(finding))}",
        "",
        fence([finding.source_line.strip()], "python", indent="  "),
        "",
    ]
