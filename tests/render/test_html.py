from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from selectolax.lexbor import LexborHTMLParser

import rendered
import reports
from m1doctor.model.report import Status, VerdictStatus
from m1doctor.render import html as module
from m1doctor.render.html import to_html
from m1doctor.render.plain import plain, plain_lines


def page(name: str) -> LexborHTMLParser:
    return LexborHTMLParser(to_html(*rendered.named(name)))


def test_the_verdict_is_the_title_and_the_first_heading() -> None:
    document = page("broken")
    headline = "tensorflow-metal 1.2.0 asks for a symbol that TensorFlow 2.21.0 does not have."
    assert document.css_first("title").text() == f"error: {headline}"
    assert document.css_first("h1").text() == headline
    assert document.css_first("h2").text() == "✗ error LNK002 plugin-symbol-not-found"


@pytest.mark.parametrize("name", rendered.NAMES)
def test_every_report_names_each_check_and_fetches_nothing(name: str) -> None:
    report, registry = rendered.named(name)
    text = to_html(report, registry)
    document = LexborHTMLParser(text)
    told = document.body.text()
    for result in report.results:
        assert f"{result.id} {result.slug}" in told
    assert document.css("script, link, img, iframe, object, form, base, [src], [onclick], [onload]") == []
    assert not re.search(r"url\(|@import", document.css_first("style").text())
    ids = [node.attributes["id"] for node in document.css("[id]")]
    assert len(ids) == len(set(ids))


def test_every_optional_part_is_told() -> None:
    text = page("full").body.text()
    told = ("message", "expected", "evidence", "path", "summary", "step", "command", "crash", "note", "failure", "lock")
    for word in (*told, "replay", "why", "slug", "unknown"):
        assert f"told-{word}" in text, word
    assert "/told-path:7" in text
    assert "This cannot be taken back." in text
    assert "Do not follow the advice on line 3" in text


def test_every_verdict_and_status_has_a_look() -> None:
    assert set(module._VERDICTS) == set(VerdictStatus)
    style = page("broken").css_first("style").text()
    for word in (*VerdictStatus, *Status):
        assert re.search(rf"\.{word}\b", style), word


def test_headings_go_down_one_by_one() -> None:
    for name in rendered.NAMES:
        levels = [int(node.tag[1]) for node in page(name).css("h1, h2, h3, h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


@given(rendered.TEXT)
def test_captured_text_never_becomes_markup_and_is_found_back(text: str) -> None:
    document = LexborHTMLParser(to_html(*rendered.saying(text)))
    harmless = LexborHTMLParser(to_html(*rendered.saying("x")))
    tags = [node.tag for node in document.css("*")]
    if plain(text).strip():
        assert tags == [node.tag for node in harmless.css("*")]
    told = [node.text() for node in document.css("li, p, h1")]
    shown = "\n".join(plain(line) for line in text.split("\n"))
    assert sum(shown in part for part in told) >= 6
    blocks = [node.text() for node in document.css("pre")]
    assert "\n".join([*plain_lines(text), "between", *plain_lines(text)]) in blocks


def test_a_command_is_shown_as_it_can_be_pasted() -> None:
    (command,) = page("broken").css("pre.command")
    assert command.text() == "'/Users/me/My Projects/vision/.venv/bin/python' -m pip install tensorflow==2.18.1"
    assert reports.PYTHON in command.text()
