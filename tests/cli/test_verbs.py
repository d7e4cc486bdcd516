"""`checks`, `explain` and `schema`: the verbs that look at nothing but ourselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from documented import valid
from m1doctor.checks.registry import RETIRED, built_in_checks
from m1doctor.lint.registry import load_rules

Command = Callable[..., Any]


def test_every_check_is_listed_with_its_level(m1doctor: Command) -> None:
    out = m1doctor("checks").out
    for check in built_in_checks():
        assert f"{check.id:8}{check.level.value:8}{check.slug}\n" in out


def test_the_list_is_one_document_with_every_page(m1doctor: Command) -> None:
    listed = valid("checks", m1doctor("checks", "--format", "json").document)["pages"]
    assert [entry["id"] for entry in listed] == [each.id for each in (*built_in_checks(), *load_rules())]
    of_checks, of_rules = {"stage", "needs", "after", "see"}, {"example", "better", "versions"}
    assert {key for key, value in listed[0].items() if value is None} == of_rules | {"gain"}
    assert {key for key, value in listed[-1].items() if value is None} - {"gain"} == of_checks


@pytest.mark.parametrize("name", ["TF003", "tf003", "import-hangs"])
def test_a_page_is_found_by_id_or_slug(m1doctor: Command, name: str) -> None:
    out = m1doctor("explain", name).out
    assert out.startswith("TF003 import-hangs\n")
    for title in ("What it means", "Why it matters", "How to see it yourself", "How to mend it", "Sources"):
        assert f"\n{title}\n" in out


def test_a_page_is_one_document(m1doctor: Command) -> None:
    page = valid("explain", m1doctor("explain", "TF003", "--format", "json").document)
    assert valid("explain", m1doctor("explain", "LOAD001", "--format", "json").document)["stage"] is None
    assert (page["id"], page["slug"]) == ("TF003", "import-hangs")
    assert page["sources"][0]["title"] == "Python documentation: faulthandler"


def test_a_retired_id_leads_to_its_successor_and_says_so(m1doctor: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RETIRED, "TF099", "TF003")
    answer = m1doctor("explain", "TF099")
    assert answer.out.startswith("TF003 import-hangs\n")
    assert answer.err == "m1doctor: TF099 is retired; TF003 has taken its place\n"


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_pages_keep_to_the_width(m1doctor: Command, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = m1doctor("explain", "TF003").out.splitlines()
    assert all(len(line) <= int(columns) or "https://" in line for line in lines)
