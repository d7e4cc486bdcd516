"""Options that several verbs share."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from m1doctor.errors import UserError
from m1doctor.model.provider import Provider
from m1doctor.settings import FailOn


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


def _seconds(value: float | None) -> float | None:
    if value is not None and not 0 < value < math.inf:
        message = f"--limit: a number of seconds above 0 is expected, not {value:g}"
        raise UserError(message)
    return value


ProviderOption = Annotated[
    Provider | None,
    typer.Option(
        "--provider",
        help="Whose GPU plugin: Apple's alone, the community's, or auto: Apple's; where it cannot serve, the other's "
        "terms are told.",
        show_default="auto",
    ),
]

# -- which environment
PythonOption = Annotated[
    str | None, typer.Option("--python", metavar="PATH", help="The environment of this interpreter.")
]
SitePackagesOption = Annotated[
    str | None, typer.Option("--site-packages", metavar="DIR", help="This folder of packages; nothing in it is run.")
]
ReplayOption = Annotated[
    str | None, typer.Option("--replay", metavar="FILE", help="A saved report or bundle; nothing is examined.")
]

# -- how deep it is examined
QuickOption = Annotated[bool, typer.Option("--quick", help="Files and host only: start no process of the target.")]
NoBenchOption = Annotated[bool, typer.Option("--no-bench", help="All but the smoke run.")]
DeepOption = Annotated[bool, typer.Option("--deep", help="Compare the hash of every installed file.")]
LimitOption = Annotated[
    float | None,
    typer.Option(
        "--limit",
        metavar="SECONDS",
        help="Time limit of TensorFlow in the target.",
        show_default="120",
        callback=_seconds,
    ),
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="No network: the pinned requirements carry no hashes.")]
LogOption = Annotated[
    str | None, typer.Option("--log", metavar="FILE", help="Read this log, too, and join what it says.")
]

# -- what becomes of the answer
FailOnOption = Annotated[
    FailOn | None,
    typer.Option("--fail-on", help="Level from which findings make exit status 1.", show_default="error"),
]
OutputOption = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer there.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Everything: each check, all evidence, timings.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colours (also: NO_COLOR).")]

# -- verbs that change something
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def read_version(option: str, text: str | None, reader: Callable[[str], str | None], example: str) -> str | None:
    """The version that an option says. Raises `UserError` that names the option."""
    if text is None:
        return None
    found = reader(text)
    if found is None:
        message = f"{option}: {text!r} is not {example}"
        raise UserError(message)
    return found
