"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from m1doctor.errors import UserError


class Format(StrEnum):
    """How a list or a manual page is written."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"


class PageFormat(StrEnum):
    """How an answer for people is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


FormatOption = Annotated[Format, typer.Option("--format", help="Text for people, or one JSON document.")]
ReportFormatOption = Annotated[
    ReportFormat,
    typer.Option(
        "--format",
        help="Text for people, one JSON document, Markdown for an issue, one self-contained HTML file, SARIF or JUnit "
        "for CI.",
    ),
]
PageFormatOption = Annotated[
    PageFormat, typer.Option("--format", help="Text for people, one JSON document, or Markdown.")
]
PythonOption = Annotated[
    str | None, typer.Option("--python", metavar="PATH", help="The environment of this interpreter.")
]
SitePackagesOption = Annotated[
    str | None, typer.Option("--site-packages", metavar="DIR", help="This folder of packages.")
]
OutputOption = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer there.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colours (also: NO_COLOR).")]


def read_version(option: str, text: str | None, reader: Callable[[str], str | None], example: str) -> str | None:
    """The version that an option says. Raises `UserError` that names the option."""
    if text is None:
        return None
    found = reader(text)
    if found is None:
        message = f"{option}: {text!r} is not {example}"
        raise UserError(message)
    return found
