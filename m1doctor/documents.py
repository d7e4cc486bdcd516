"""Our documents as JSON: encode, schema; reports are decoded, too.

msgspec reads and writes our plain dataclasses with full type checks and prints their JSON Schema, so that the document,
the reader and the schema cannot disagree. It is imported only here, and only when a document is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from m1doctor.errors import UserError
from m1doctor.model.remedy import StepKind
from m1doctor.model.report import SCHEMA_VERSION, Report

if TYPE_CHECKING:
    from m1doctor.model.account import Account, UndoList

_OPTIONAL = ("expected", "location", "reason", "remedy", "root", "skip")
"""Members of results and findings that the document leaves out where they say nothing. Facts keep their nulls: there,
null is "unknown" and has its reason beside it."""


class DocumentError(UserError):
    """The text is not a report that this version reads; the message says why."""


def to_json(document: Report | Account | UndoList) -> str:
    """Encode a document: two spaces of indent, sorted keys, a final newline.

    Bytes of a file name that are no UTF-8 are written as the escapes that Python shows for them.
    """
    plain = as_dict(document)
    try:
        encoded = msgspec.json.encode(plain, order="sorted")
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_without_surrogates(plain), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def as_dict(document: Report | Account | UndoList) -> dict[str, Any]:
    """The document as plain dicts, lists, strings and numbers."""
    plain: dict[str, Any] = msgspec.to_builtins(document)
    if isinstance(document, Report):
        _tidy_report(plain)
    elif "deeds" in plain:
        _tidy_account(plain)
    return plain


def _tidy_account(plain: dict[str, Any]) -> None:
    if plain["report"] is not None:
        _tidy_report(plain["report"])
    for deed in plain["deeds"]:
        _tidy_step(deed["step"])
    for left in plain["by_hand"]:
        for step in left["steps"]:
            _tidy_step(step)


def _tidy_report(plain: dict[str, Any]) -> None:
    for key in ("lock", "replay_of"):
        if plain[key] is None:
            del plain[key]
    for result in plain["results"]:
        _drop_unsaid(result, _OPTIONAL)
        for finding in result["findings"]:
            _drop_unsaid(finding, _OPTIONAL)
            if not finding["isolated"]:
                del finding["isolated"]
            _drop_unsaid(finding.get("location", {}), ("line",))
            for step in finding.get("remedy", {}).get("steps", ()):
                _tidy_step(step)


def _tidy_step(step: dict[str, Any]) -> None:
    if step["kind"] == StepKind.MANUAL:  # text only: the document has no member to execute
        del step["argv"], step["reversible"]
    _drop_unsaid(step, ("change",))
    _drop_unsaid(step.get("change", {}), ("folder", "python"))


def _drop_unsaid(members: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in members and members[name] is None:
            del members[name]


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


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
        newer = f"schema_version {version_words(version)} is newer than {SCHEMA_VERSION}"
        message = f"{newer}, the newest this m1doctor reads; update it"
        raise DocumentError(message)
    try:
        return msgspec.convert(_of_today(migrated(head, version)), Report)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        message = f"not a report of schema_version {version}: {error}"
        raise DocumentError(message) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # a migration met what it did not expect
        message = f"not a report of schema_version {version}: {type(error).__name__} while it was brought up to date"
        raise DocumentError(message) from error


def version_words(version: int) -> str:
    """A version for a message: one that somebody made up may have a million digits."""
    return str(version) if version < 10**9 else "of ten digits or more"


Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Mapping[int, Migration] = {}
"""What turns a document of one schema version into one of the next; there has to be one for every version but ours."""


def migrated(
    document: dict[str, Any], version: int, *, newest: int = SCHEMA_VERSION, by: Mapping[int, Migration] = MIGRATIONS
) -> dict[str, Any]:
    """A document of `version` as one of `newest`, step by step."""
    for step in range(version, newest):
        document = {**by[step](document), "schema_version": step + 1}
    return document


def _of_today(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the section `smoke`, which reports had before 2026-11-26, where its facts are told today."""
    facts = document.get("facts")
    if not isinstance(facts, dict) or "smoke" not in facts:
        return document
    facts = dict(facts)
    smoke, runtime, unknown = facts.pop("smoke"), facts.get("runtime"), facts.get("unknown")
    if isinstance(unknown, dict) and "smoke" in unknown:
        facts["unknown"] = {**unknown, "correctness": unknown["smoke"]}
    if isinstance(smoke, dict):
        reasons = smoke.get("unknown")
        renamed = {"product" if name == "matmul" else name: reason for name, reason in dict(reasons or {}).items()}
        facts["correctness"] = {
            "product": _product_of_today(smoke.get("matmul")),
            "pipeline": smoke.get("pipeline"),
            "unknown": renamed,
        }
        if isinstance(runtime, dict):
            ends = [smoke.get("outcome"), *(smoke.get("other_outcomes") or ())]
            facts["runtime"] = {**runtime, "parts": [end for end in ends if end is not None]}
    return {**document, "facts": facts}


def _product_of_today(run: Any) -> dict[str, Any] | None:
    """The one product of a smoke run as a comparison among others."""
    if not isinstance(run, dict):
        return None
    size = run.get("size")
    kept = {key: value for key, value in run.items() if key not in ("size", "seconds")}
    told = {"op": "MatMul", "words": f"{size} x {size} product", "dtype": "float32", "terms": size}
    elements = size**2 if isinstance(size, int) else None
    return {"comparisons": [{**told, "elements": elements, "wrong_elements": 0, **kept}]}


def schema() -> dict[str, Any]:
    """The JSON Schema of the report document."""
    return schema_of(Report, "m1doctor report")


def schema_of(kind: type, title: str, beside: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document that is made of a record, the same on every Python.

    `beside` are the types of what the document has and the record has not. The descriptions are our docstrings; Python
    keeps their indentation up to 3.12 and takes it away from 3.13 on.
    """
    document = _dedented(msgspec.json.schema(kind))
    whole = document["$defs"][kind.__name__]
    whole["properties"] |= {name: {"type": word} for name, word in beside.items()}
    whole["required"] = [*whole["required"], *beside]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **document}


def _dedented(value: Any) -> Any:
    from inspect import cleandoc  # noqa: PLC0415 - only a schema wants it

    if isinstance(value, dict):
        return {
            key: cleandoc(item) if key == "description" and isinstance(item, str) else _dedented(item)
            for key, item in value.items()
        }
    return [_dedented(item) for item in value] if isinstance(value, list) else value
