"""Wordings that are no example of the knowledge: the grammars know the messages and not the strings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import logs

DATA = tomllib.loads(Path(__file__).with_name("other_wordings.toml").read_text(encoding="utf-8"))
EVERY = [entry for group in DATA.values() for entry in group]


def name(entry: dict[str, str]) -> str:
    return entry["name"]


@pytest.mark.parametrize("entry", EVERY, ids=name)
def test_the_cause_that_the_text_decides_comes_first(entry: dict[str, str]) -> None:
    assert logs.causes(entry["text"])[:1] == ([entry["cause"]] if entry["cause"] else [])


@pytest.mark.parametrize("entry", [*DATA["loading"], *DATA["working"]], ids=name)
def test_one_event_is_one_cause(entry: dict[str, str]) -> None:
    assert logs.causes(entry["text"]) == [entry["cause"]]


@pytest.mark.parametrize("entry", DATA["loading"], ids=name)
def test_line_ends_quotation_marks_and_quoting_change_nothing(entry: dict[str, str]) -> None:
    text = entry["text"]
    assert logs.causes(text.replace("\n", "\r\n")) == [entry["cause"]]
    assert logs.causes(text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")) == [entry["cause"]]
    assert logs.causes("\n".join(f"> {line}" for line in text.split("\n"))) == [entry["cause"]]


@pytest.mark.parametrize("entry", [*DATA["loading"], *DATA["installing"], *DATA["working"]], ids=name)
def test_a_long_healthy_log_before_and_after_changes_nothing(entry: dict[str, str]) -> None:
    healthy = "2024-01-01 10:00:00.1: I tensorflow/core/x.cc:1] MatMul: (MatMul): /job:localhost/device:GPU:0\n" * 500
    assert logs.causes(f"{healthy}{entry['text']}\n{healthy}")[:1] == [entry["cause"]]
