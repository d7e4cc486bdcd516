"""Reports as JSON: encode, decode, schema.

msgspec reads and writes our plain dataclasses with full type checks and prints their JSON Schema, so that the document,
the reader and the schema cannot disagree. It is imported only here, and only when a document is wanted.
"""

from __future__ import annotations

from typing import Any

import msgspec

from m1doctor.model.report import SCHEMA_VERSION, Report


class DocumentError(ValueError):
    """The text is not a report that this version reads; the message says why."""


def to_json(report: Report) -> str:
    """Encode a report: two spaces of indent, sorted keys, a final newline."""
    plain = msgspec.to_builtins(report)
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=2).decode() + "\n"


def from_json(text: str | bytes) -> Report:
    """Decode a report.

    Raises `DocumentError` for text that is no JSON, a document of a newer schema version (by its number), or one with
    a wrong type (by its path).
    """
    try:
        head: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"not JSON: {error}"
        raise DocumentError(message) from error
    version = head.get("schema_version") if isinstance(head, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        message = "not a m1doctor report: no schema_version"
        raise DocumentError(message)
    if version > SCHEMA_VERSION:
        message = f"schema_version {version} is newer than {SCHEMA_VERSION}, the newest this m1doctor reads; update it"
        raise DocumentError(message)
    try:
        return msgspec.convert(head, Report)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        message = f"not a report of schema_version {version}: {error}"
        raise DocumentError(message) from error


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report document."""
    document = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "m1doctor report", **document}
