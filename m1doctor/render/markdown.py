"""The report as Markdown, ready to paste into an issue: short, and the details folded.

It is written for GitHub's renderer. Captured text stands in fences that it cannot close, or in sentences where every
character that could mean something is escaped: it never becomes markup, a link, or a mention of somebody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from m1doctor.checks.registry import Registry
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding
from m1doctor.model.remedy import Remedy, StepKind
from m1doctor.model.report import Report, Result
from m1doctor.render.plain import paste_line, plain, plain_lines
from m1doctor.render.words import (
    EVIDENCE_LINES,
    FINDINGS,
    causes,
    counts,
    describe_environment,
    describe_target,
    distinct,
    explained,
    lock_words,
    not_known,
    noted,
    own_failures,
    smoke_words,
    told,
)

LARGEST = 60_000
"""Characters. GitHub takes an issue of 65,536; what does not fit is left out from the end, and that is said."""
_LONGEST_LINE = 1000
"""Characters of one line of evidence; dyld's messages about one symbol take a third of that."""

_SPECIAL = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|([\\`*_{}\[\]<>|~&$])")
"""What may mean something; an underscore within a word never does."""
_AT_THE_START = re.compile(r"^(\s*)([-+=#]|\d+(?=[.)](?:\s|$)))")
_NOTHING = "<!-- -->"
"""A comment: invisible, and it parts what GitHub would otherwise make a link, a mention or a picture of."""
_LINKED = re.compile(
    r"(?i)(?<=[a-z]:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w.-])|(?<=#)(?=\d)|(?<=\bGH)(?=-\d)"
    r"|(?<=:)(?=(?:[\w+-]*[a-z+-][\w+-]*|100|1234):)"
)


def to_markdown(report: Report, registry: Registry) -> str:
    """Render a report as GitHub Flavored Markdown with a final newline."""
    parts: list[str] = []
    room = LARGEST
    left_out = 0
    for part in _parts(report, registry):
        if left_out or len(part) + 2 > room:
            left_out += 1
        else:
            parts.append(part)
            room -= len(part) + 2
    if left_out:
        parts.append(f"_{left_out} more parts are left out here for their size; the JSON document has everything._")
    return "\n\n".join(parts) + "\n"


def prose(text: str) -> str:
    """Show `text` within a sentence: as it is, whatever it holds."""
    escaped = _SPECIAL.sub(_escaped, plain(text).strip())  # four spaces before it would make it code
    return _AT_THE_START.sub(_escaped_start, _LINKED.sub(_NOTHING, escaped))


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else match[0]


def _escaped_start(match: re.Match[str]) -> str:
    before, mark = match.groups()
    return f"{before}{mark}\\" if mark.isdigit() else f"{before}\\{mark}"


def own_words(text: str) -> str:
    """Show a sentence of ours, in which backticks stand around code."""
    parts = re.split(r"`([^`]*)`", text)
    return "".join(code(part) if number % 2 else _with_its_ends(part) for number, part in enumerate(parts))


def _with_its_ends(part: str) -> str:
    """Prose with the spaces that part it from the code beside it."""
    start, end = part[: len(part) - len(part.lstrip(" "))], part[len(part.rstrip(" ")) :]
    return f"{start}{prose(part)}{end}" if part.strip(" ") else part


def code(text: str) -> str:
    """Show `text` as code within a sentence."""
    shown = plain(text)
    if not shown.strip():
        return f"`{shown}`" if shown else ""
    ticks = "`" * (_longest_run(shown) + 1)
    # One space on each side is taken away again where both are there: it parts backticks, and keeps spaces.
    space = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def fence(lines: Iterable[str], language: str = "text", *, indent: str = "") -> str:
    """Show lines as they are, in a block that they cannot end."""
    content = list(lines)
    ticks = "`" * max(_longest_run("\n".join(content)) + 1, 3)
    return "\n".join(f"{indent}{line}" for line in (f"{ticks}{language}", *content, ticks))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def folded(title: str, *blocks: str) -> str:
    """Blocks behind a line that opens them."""
    body = "\n\n".join(block for block in blocks if block)
    summary = _LINKED.sub(_NOTHING, html.escape(plain(title), quote=False))  # HTML, where a backslash escapes nothing
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already: `prose`, not `code`, which may hold what divides cells."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _parts(report: Report, registry: Registry) -> Iterator[str]:
    found = causes(report)
    verdict = report.verdict
    yield f"**{verdict.status.value}**: {prose(verdict.headline)}"
    yield "\n".join(_versions(report))
    if found:
        first = found[0]
        check = registry.get(first.id)
        yield f"### {_name(first)}"
        yield from _findings(first, silent=verdict.headline)
        if check is not None:
            yield f"Why it matters: {own_words(check.page.why)}"
        yield from _remedies(first)
    for result in found[1:]:
        summary = f"{result.status.value}: {result.id} {result.slug}"
        yield folded(summary, *_findings(result), *_remedies(result))
    seen = list(_also_seen(report))
    if seen:
        yield folded("What else was seen", "\n".join(seen))
    failures = own_failures(report)
    if failures:
        yield folded("What m1doctor itself could not do", fence(_cut(failures)))
    if report.facts.log is not None:
        from m1doctor.render.log_lines import remarks_on  # noqa: PLC0415 - only where there is a log

        remarks = remarks_on(report.facts.log, verbose=False)
        sentences = (
            *remarks.advice,
            *remarks.clues,
            *remarks.harmless,
            *([remarks.unknown] if remarks.unknown else []),
        )
        if sentences:
            sample = fence(_cut(remarks.sample)) if remarks.sample else ""
            yield folded("What else stands in the log", "\n".join(f"- {prose(words)}" for words in sentences), sample)
    packages = _packages(report.facts)
    if packages:
        yield folded(f"{len(packages)} installed packages", fence(packages))
    if report.results:
        rows = ([_name(each), each.status.value, prose(told(each)[:_LONGEST_LINE])] for each in report.results)
        yield folded("Every check", table(("check", "status", "what was established"), rows))


def _versions(report: Report) -> Iterator[str]:
    described = describe_environment(report.facts)
    if described:
        yield f"- {' · '.join(prose(words) for words in described)}"
    yield f"- {code(describe_target(report.target))}"
    replay = f", judged again from a report of {code(report.replay_of)}" if report.replay_of else ""
    yield f"- m1doctor {code(report.m1doctor_version)}, {code(report.created)}{replay}"
    yield f"- {prose(', '.join(counts(report)))}"


def _name(result: Result) -> str:
    return prose(f"{result.id} {result.slug}")


def _findings(result: Result, *, silent: str | None = None) -> Iterator[str]:
    """What a check saw; a message equal to `silent` has been told already."""
    shown = result.findings[:FINDINGS]
    for finding in shown:
        if finding.message != silent:
            yield prose(finding.message)
        yield from _evidence(finding)
        if finding.expected:
            yield f"Expected: {prose(finding.expected)}"
    if len(shown) < len(result.findings):
        yield f"… and {len(result.findings) - len(shown)} more like these."


def _evidence(finding: Finding) -> Iterator[str]:
    if finding.location is not None:
        line = f":{finding.location.line}" if finding.location.line else ""
        yield f"In {code(f'{finding.location.path}{line}')}"
    lines = [line for entry in finding.evidence for line in plain_lines(entry)]
    if lines:
        shown = _cut(lines[:EVIDENCE_LINES])
        more = [f"... {len(lines) - len(shown)} more lines"] if len(shown) < len(lines) else []
        yield fence([*shown, *more])


def _remedies(result: Result) -> Iterator[str]:
    for remedy in distinct(finding.remedy for finding in result.findings[:FINDINGS]):
        yield f"What to do: {prose(remedy.summary)}"
        if remedy.steps:
            yield "\n".join(_steps(remedy))


def _steps(remedy: Remedy) -> Iterator[str]:
    for number, step in enumerate(remedy.steps, 1):
        lead = f"{number}. "
        yield f"{lead}{prose(step.text)}"
        if step.kind is StepKind.RUN:
            yield fence([paste_line(step.argv)], "sh", indent=" " * len(lead))
            if step.reversible is False:
                yield f"\n{' ' * len(lead)}This cannot be taken back."


def _also_seen(report: Report) -> Iterator[str]:
    for result in noted(report):
        for finding in result.findings:
            summary = f" {prose(finding.remedy.summary)}" if finding.remedy is not None else ""
            yield f"- {prose(finding.message)} ({_name(result)}){summary}"
    for root, results in explained(report).items():
        yield f"- Explained by {prose(root)}: {', '.join(map(_name, results))}"
    for reason, results in not_known(report).items():
        yield f"- Not known, because {prose(reason)}: {', '.join(map(_name, results))}"
    for note in report.notes:
        yield f"- Note: {prose(note)}"
    smoke = smoke_words(report.facts)
    if smoke:
        yield f"- Smoke run: {prose('; '.join(smoke))}"
    if report.lock is not None:
        yield f"- {lock_words(report)}: {code(report.lock.path)}"


def _packages(facts: Facts) -> list[str]:
    found = facts.packages.distributions if facts.packages is not None else ()
    return sorted(plain(f"{each.name}=={each.version}")[:_LONGEST_LINE] for each in found)


def _cut(lines: Iterable[str]) -> list[str]:
    return [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}..." for line in map(plain, lines)]
