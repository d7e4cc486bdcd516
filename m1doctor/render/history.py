"""The kept diagnoses of a target: for people, as a JSON document, as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from m1doctor.model.record import record
from m1doctor.model.report import Verdict, VerdictStatus
from m1doctor.render.markdown import code, prose, table
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import paste_line, plain
from m1doctor.render.words import MARKS, STYLES, VERDICT_STATUS

SCHEMA_VERSION = 1
"""Of the JSON document; it rises when the meaning of a field changes."""


@record(frozen=True, slots=True, kw_only=True)
class Line:
    """One kept diagnosis."""

    number: int
    """1 is the newest."""
    created: str
    verdict: Verdict
    worked: bool
    pinned: bool
    """Whether the pinned requirements of then are kept with it."""


@record(frozen=True, slots=True, kw_only=True)
class KeptDiagnosis:
    """One kept diagnosis of the document."""

    number: int
    """1 is the newest."""
    created: str
    """UTC, ISO 8601 with a final ``Z``."""
    status: VerdictStatus
    headline: str
    causes: tuple[str, ...]
    worked: bool
    requirements: bool
    """Whether the pinned requirements of then are kept with it."""


@record(frozen=True, slots=True, kw_only=True)
class HistoryDocument:
    """The kept diagnoses of one environment, the newest first."""

    target: str
    damaged: tuple[str, ...]
    """What cannot be read of it, a sentence each."""
    diagnoses: tuple[KeptDiagnosis, ...]
    schema_version: int = SCHEMA_VERSION


def history_as_json(target: str, lines: Sequence[Line], damaged: Sequence[str]) -> str:
    """One JSON document."""
    document = HistoryDocument(
        target=target,
        damaged=tuple(damaged),
        diagnoses=tuple(
            KeptDiagnosis(
                number=line.number,
                created=line.created,
                status=line.verdict.status,
                headline=line.verdict.headline,
                causes=line.verdict.causes,
                worked=line.worked,
                requirements=line.pinned,
            )
            for line in lines
        ),
    )
    return json.dumps(asdict(document), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def history_as_text(
    target: str,
    lines: Sequence[Line],
    *,
    width: int,
    colour: bool,
    unicode: bool = True,
    options: Sequence[str] = (),
) -> str:
    """The page for people, the newest first; `options` name the target in the commands that it offers."""
    page = Canvas(width=width, colour=colour, unicode=unicode)
    page.whole(plain(target), style="dim")
    if not lines:
        page.add("No diagnosis of it is kept.")
        return page.text()
    page.gap()
    for line in lines:
        status = VERDICT_STATUS[line.verdict.status]
        mark, style = ("?", "magenta") if status is None else (MARKS[status], STYLES[status])
        lead = (
            styled(f"{line.number:3} ", "bold") + styled(f"{mark} ", style) + styled(f"{plain(line.created)}  ", "dim")
        )
        page.add(plain(", ".join(line.verdict.causes) or line.verdict.headline), lead=lead)
    page.gap()
    good = next((line for line in lines if line.worked), None)
    if good is None:
        page.add("None of them found it working.", style="dim")
    else:
        if good != lines[0]:
            page.add(f"It worked last at {good.number}. What changed since:", style="dim")
            page.whole(paste_line(("m1doctor", "diff", "--last-good", *options)), indent=2, style="bold cyan")
        page.add(f"The packages of {good.number}, which worked:", style="dim")
        command = ("m1doctor", "history", "show", "last-good", "--requirements", *options)
        page.whole(paste_line(command), indent=2, style="bold cyan")
    return page.text()


def history_as_markdown(target: str, lines: Sequence[Line]) -> str:
    """The same list for an issue."""
    rows = [
        (
            str(line.number),
            prose(line.created),
            line.verdict.status.value,
            prose(", ".join(line.verdict.causes) or line.verdict.headline),
            "yes" if line.worked else "no",
        )
        for line in lines
    ]
    return f"{code(target)}\n\n{table(('', 'diagnosed', 'verdict', 'cause', 'worked'), rows)}\n"
