"""Holds documents to the schemas that are shipped."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from m1doctor.cli.schema import Document, shipped_schema


def valid(name: str, document: Any) -> Any:
    """The document, after it was held to its schema; a key that the schema does not know is a fault here."""
    schema = json.loads(shipped_schema(Document(name)).read_text(encoding="utf-8"))
    for definition in schema["$defs"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    jsonschema.Draft202012Validator(schema).validate(document)
    return document
