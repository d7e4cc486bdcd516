"""No text of ours sends its reader to a verb that does not exist."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from m1doctor.checks.registry import built_in_checks
from m1doctor.cli.verbs import VERBS

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "m1doctor"

_SENT_TO = re.compile(r"\b(?:[Rr]un|[Uu]se|[Ss]ee|[Tt]ry|[Tt]ype|with|by|[Mm]ore:)\s+m1doctor\s+([a-z][a-z-]*)")
"""Words that send somebody to a command that stands without backticks: ``Run m1doctor compat and ...``."""
_QUOTED = re.compile(r"`m1doctor\s+([a-z][a-z-]*)[^`]*`")
_BLOCK_LINE = re.compile(r"^\s*(?:\$ )?m1doctor\s+([a-z][a-z-]*)", re.MULTILINE)
_PROSE = {"itself", "can", "did", "knows", "is", "was", "or", "runs", "could", "on", "from"}
"""What follows the name of the tool in plain sentences: ``what m1doctor itself could not do``."""


def named_verbs(text: str) -> set[str]:
    """The verbs that a text sends its reader to."""
    return set(_QUOTED.findall(text)) | (set(_SENT_TO.findall(text)) - _PROSE)


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_of(each)


def _strings_of(path: Path) -> Iterator[str]:
    """Every string of a module; those with values in them, with ``{}`` for each value."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]  # a constant in an f-string is text


def test_a_text_is_read_as_its_reader_would() -> None:
    assert named_verbs("See `m1doctor nonesuch --all`; run `pip list`.") == {"nonesuch"}
    assert named_verbs("Then run m1doctor nonesuch.") == {"nonesuch"}
    assert named_verbs("What m1doctor can tell, and what m1doctor itself did.") == set()


def test_the_verbs_are_those_of_the_command() -> None:
    assert {"diagnose", "compat", "log", "checks", "explain", "schema"} <= set(VERBS)


@pytest.mark.parametrize("check", built_in_checks(), ids=lambda check: check.id)
def test_a_manual_page_names_verbs_that_exist(check: Any) -> None:
    page = check.page
    for words in (page.what, page.why, page.see, page.fix):
        assert named_verbs(words) <= set(VERBS)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.toml")), ids=lambda path: path.name)
def test_the_knowledge_names_verbs_that_exist(path: Path) -> None:
    for words in _texts_of(tomllib.loads(path.read_text(encoding="utf-8"))):
        assert named_verbs(words) <= set(VERBS)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_names_verbs_that_exist(path: Path) -> None:
    for words in _strings_of(path):
        assert named_verbs(words) <= set(VERBS)


@pytest.mark.parametrize(
    "path",
    sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"), *CHECKOUT.glob("envs/**/*.md")]),
    ids=lambda path: path.name,
)
def test_a_document_names_verbs_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert named_verbs(text) | set(_BLOCK_LINE.findall(blocks)) <= set(VERBS)


@pytest.mark.parametrize("path", sorted((CHECKOUT / "scripts").glob("*.*")), ids=lambda path: path.name)
def test_a_script_names_verbs_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert named_verbs(text) <= set(VERBS)
