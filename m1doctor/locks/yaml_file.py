"""YAML that somebody brought, of which every error names the line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from m1doctor.errors import UserError

if TYPE_CHECKING:
    from yaml import Node


def load(path: Path, text: str) -> Any:
    """The values of a document. Raises `UserError` that names the file, and the line where one is to blame."""
    from yaml import YAMLError  # noqa: PLC0415 - start-up
    from yaml.constructor import SafeConstructor  # noqa: PLC0415 - start-up

    try:
        return SafeConstructor().construct_document(compose(path, text))
    except (YAMLError, RecursionError, ValueError) as error:
        raise _bad(path, error) from error


def compose(path: Path, text: str) -> Node:
    """The nodes of a document, which know their lines. Raises as `load`."""
    import yaml  # noqa: PLC0415 - start-up

    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _bad(path, error, text) from error
    if node is None:
        message = f"{path}: bad YAML: there is nothing in it"
        raise UserError(message)
    return node


def _bad(path: Path, error: Exception, text: str = "") -> UserError:
    from yaml import MarkedYAMLError  # noqa: PLC0415 - start-up
    from yaml.reader import ReaderError  # noqa: PLC0415 - start-up

    why, line = str(error), None
    if isinstance(error, ReaderError):
        why, line = error.reason, text.count("\n", 0, error.position) + 1
    elif isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        why, line = error.problem or error.context or why, None if mark is None else mark.line + 1
    place = str(path) if line is None else f"{path}:{line}"
    return UserError(f"{place}: bad YAML: {' '.join(why.split())[:200]}")
