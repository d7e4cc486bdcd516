"""Every check is documented, tested, and says what it is."""

from __future__ import annotations

import ast
import importlib
import re
import types
import typing
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from m1doctor.checks.check import Check
from m1doctor.checks.registry import FAMILIES, built_in_checks
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level

CHECKOUT = Path(__file__).resolve().parents[2]
CHECKS = built_in_checks()
_VERSION = re.compile(r"\b\d+\.\d+(\.\d+)?\b")


def _module_of(check: Check) -> Path:
    name = f"{check.id.lower()}_{check.slug.replace('-', '_')}"
    return CHECKOUT / "m1doctor" / "checks" / check.family.lower() / f"{name}.py"


every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@every_check
def test_the_file_is_named_after_the_check(check: Check) -> None:
    assert _module_of(check).is_file()


@every_check
def test_there_is_a_test_at_the_mirrored_place(check: Check) -> None:
    module = _module_of(check)
    assert (CHECKOUT / "tests" / "checks" / check.family.lower() / f"test_{module.name}").is_file()


@every_check
def test_the_page_has_its_four_texts_in_sentences(check: Check) -> None:
    for words in (check.page.what, check.page.why, check.page.see, check.page.fix):
        assert len(words) > 20
        assert words[0].isupper() or words[0] in "`0123456789" or words.startswith(("macOS", "pip", "conda", "uv"))
        assert words.rstrip()[-1] in ".:`)"
        assert "Please" not in words
        assert "  " not in words.replace("\n", " ").replace("   ", " ")


@every_check
def test_a_page_that_states_versions_has_a_source(check: Check) -> None:
    page = check.page
    if any(_VERSION.search(words) for words in (page.what, page.why, page.see, page.fix)):
        assert page.sources


@every_check
def test_every_source_can_be_found_or_is_dated(check: Check) -> None:
    for source in check.page.sources:
        assert source.url or source.date
        assert source.url is None or source.url.startswith("https://")
        assert source.date is None or re.fullmatch(r"\d{4}-\d{2}(-\d{2})?|\d{4}", source.date)


@every_check
def test_what_is_established_is_a_sentence(check: Check) -> None:
    if isinstance(check.passes, str):
        assert check.passes[0].isupper() or check.passes[0].islower()
        assert check.passes.endswith(".")


@every_check
def test_no_finding_is_worse_than_the_check_says(check: Check) -> None:
    tree = ast.parse(_module_of(check).read_text(encoding="utf-8"))
    named = {
        Level[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Level"
    }
    assert max(level.weight for level in named) == check.level.weight


def _exists(path: str) -> bool:
    section: type = Facts
    for name in path.split("."):
        if name not in section.__dataclass_fields__:  # type: ignore[attr-defined] # each is a dataclass
            return False
        hint = typing.get_type_hints(section)[name]
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        section = next((option for option in options if is_dataclass(option)), object)  # type: ignore[assignment]
    return True


@every_check
def test_every_need_is_a_fact(check: Check) -> None:
    assert all(_exists(path) for path in check.needs)


@every_check
def test_the_slug_names_the_problem(check: Check) -> None:
    assert not check.slug.startswith(("use-", "no-need", "disallow", "avoid", "fix-"))


def test_every_family_package_is_in_the_report_and_has_a_check_or_none_yet() -> None:
    folders = {path.parent.name for path in (CHECKOUT / "m1doctor" / "checks").glob("*/__init__.py")}
    assert folders == set(FAMILIES)


def test_exactly_one_check_a_module() -> None:
    for family in FAMILIES:
        folder = CHECKOUT / "m1doctor" / "checks" / family
        for path in folder.glob("[!_]*.py"):
            module = importlib.import_module(f"m1doctor.checks.{family}.{path.stem}")
            assert sum(isinstance(value, Check) for value in vars(module).values()) == 1
