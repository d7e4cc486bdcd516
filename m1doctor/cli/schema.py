"""`m1doctor schema`: the JSON Schemas of the documents that the verbs write."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from m1doctor.cli.terminal import write_out


class Document(StrEnum):
    """What there is a schema of."""

    REPORT = "report"
    CHANGE = "change"
    UNDO_LIST = "undo-list"
    DIFF = "diff"
    HISTORY = "history"
    LINT = "lint"
    COMPAT = "compat"
    OPS = "ops"
    CHECKS = "checks"
    EXPLAIN = "explain"


def schema(
    document: Annotated[
        Document,
        typer.Argument(
            metavar="[DOCUMENT]",
            help="report (diagnose, bench, verify, log, profile), change (setup, fix, undo), undo-list (undo --list), "
            "diff, history, lint, compat, ops, checks, explain.",
        ),
    ] = Document.REPORT,
) -> None:
    """Print the JSON Schema of what a verb writes with --format json."""
    write_out(shipped_schema(document).read_text(encoding="utf-8"))


_VERSION = {"schema_version": "integer"}
_MADE_OF: Mapping[Document, tuple[str, str, Mapping[str, str]]] = {
    Document.REPORT: ("m1doctor.model.report", "Report", {}),
    Document.CHANGE: ("m1doctor.model.account", "Account", {}),
    Document.UNDO_LIST: ("m1doctor.model.account", "UndoList", {}),
    Document.DIFF: ("m1doctor.render.diff", "Comparison", {**_VERSION, "different": "boolean"}),
    Document.HISTORY: ("m1doctor.render.history", "HistoryDocument", {}),
    Document.LINT: ("m1doctor.render.lint.document", "LintDocument", {}),
    Document.COMPAT: ("m1doctor.render.compat", "Compatibility", _VERSION),
    Document.OPS: ("m1doctor.render.operations", "ModelPlaces", _VERSION),
    Document.CHECKS: ("m1doctor.render.manual_document", "ManualPages", _VERSION),
    Document.EXPLAIN: ("m1doctor.render.manual_document", "ManualPage", _VERSION),
}
"""The module that knows the version of a document, the record in it, and what the document has beside its fields."""


def shipped_schema(document: Document) -> Path:
    """The schema file in the package; `scripts/regenerate_docs.py` writes it, and a test compares."""
    version = import_module(_MADE_OF[document][0]).SCHEMA_VERSION
    return Path(__file__).resolve().parents[1] / "schema" / f"{document}-{version}.json"


def made_schema(document: Document) -> dict[str, Any]:
    """The schema as the code has it now."""
    from m1doctor.documents import schema_of  # noqa: PLC0415 - brings msgspec

    module, name, beside = _MADE_OF[document]
    return schema_of(getattr(import_module(module), name), f"m1doctor {document}", beside)
