"""The linter's answer for a terminal: each finding with its line of source and a caret."""

from __future__ import annotations

from rich.cells import cell_len

from m1doctor.lint.finding import Answer, LintFinding
from m1doctor.render.lint.words import LEVEL_WORDS, asides, judged_for, place, sentence, totals
from m1doctor.render.manual import LEVEL_STYLES
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import plain

_SHOWN_PASSED = 20


def as_text(answer: Answer, *, width: int, colour: bool, unicode: bool, cut: bool) -> str:
    """Render the answer; `cut` shortens lines of source to the width."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    for finding in answer.findings:
        _finding(canvas, finding, width if cut else None)
    if answer.passed:
        canvas.gap()
        canvas.add("Passed over", style="bold")
        for each in answer.passed[:_SHOWN_PASSED]:
            canvas.add(plain(f"{each.path}: {each.reason}"), indent=2)
        if len(answer.passed) > _SHOWN_PASSED:
            canvas.add(f"and {len(answer.passed) - _SHOWN_PASSED} more", indent=2)
    for crash in answer.crashes:
        canvas.gap()
        canvas.add(plain(crash), lead=styled("x ", "red"))
    canvas.gap()
    canvas.add(totals(answer), style="bold")
    for aside in asides(answer):
        canvas.add(aside)
    canvas.add(plain(judged_for(answer.versions)), style="dim")
    if answer.findings:
        first = answer.findings[0].rule
        canvas.add(f"What a rule means and what it costs: m1doctor explain {first}", style="dim")
    return canvas.text()


def _finding(canvas: Canvas, finding: LintFinding, width: int | None) -> None:
    canvas.gap()
    canvas.whole(plain(place(finding)), style="bold")
    style = LEVEL_STYLES[finding.level]
    lead = styled(f"{finding.rule} ", f"bold {style}") + styled(f"{LEVEL_WORDS[finding.level]} ", style)
    canvas.add(sentence(finding), indent=2, lead=lead)
    _source(canvas, finding, width)


def _source(canvas: Canvas, finding: LintFinding, width: int | None) -> None:
    line = finding.source_line
    indent = len(line) - len(line.lstrip())
    start = max(finding.column - 1 - indent, 0)
    end = finding.end_column - 1 - indent if finding.end_line == finding.line else len(line) - indent
    text = line.strip()
    end = min(max(end, start + 1), max(len(text), start + 1))
    number = f"{finding.line:>4} "
    if width is not None:
        room = max(width - len(number) - 5, 20)
        if len(text) > room:
            begin = 0 if start < room // 2 else min(start - room // 4, len(text) - room)
            text, start, end = text[begin : begin + room], start - begin, min(end - begin, room)
    lead = plain(text[:start])
    marked = plain(text[start:end])
    canvas.whole(f"{lead}{marked}{plain(text[end:])}", indent=2, lead=styled(f"{number}│ ", "dim"))
    carets = "^" * max(cell_len(marked), 1)
    style = LEVEL_STYLES[finding.level]
    canvas.whole(carets, indent=2, lead=styled(f"{' ' * len(number)}│ {' ' * cell_len(lead)}", "dim"), style=style)
