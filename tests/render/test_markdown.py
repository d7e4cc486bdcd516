from __future__ import annotations

import pytest
from hypothesis import example, given

import rendered
import reports
from m1doctor.render.markdown import LARGEST, code, own_words, prose, to_markdown
from m1doctor.render.plain import plain, plain_lines
from markup import as_github, words


def test_an_issue_begins_with_the_verdict_the_versions_and_the_cause() -> None:
    page = to_markdown(*reports.broken())
    assert page.startswith(
        """\
**error**: tensorflow-metal 1.2.0 asks for a symbol that TensorFlow 2.21.0 does not have.

- tensorflow 2.21.0 · tensorflow-metal 1.2.0 · Python 3.11.7 arm64 · macOS 15.4 · Apple M1 Pro · 16 GB
"""
    )
    assert page.index("### LNK002 plugin-symbol-not-found") < page.index("What to do: ") < page.index("<details>")


def test_what_is_not_the_cause_is_folded() -> None:
    page = as_github(to_markdown(*reports.broken()))
    folded = [node.text() for node in page.css("details > summary")]
    assert folded == ["warning: MAC004 virtual-machine", "What else was seen", "2 installed packages", "Every check"]


def test_every_optional_part_is_told() -> None:
    page = to_markdown(*rendered.full())
    told = ("message", "expected", "evidence", "path", "summary", "step", "command", "crash", "note", "failure", "lock")
    for word in (*told, "replay", "why", "slug", "unknown"):
        assert f"told-{word}" in page, word
    assert "/told-path:7" in page
    assert "This cannot be taken back." in page
    assert "Do not follow the advice on line 3" in page


@pytest.mark.parametrize("name", rendered.NAMES)
def test_every_report_is_short_enough_for_an_issue_and_names_each_check(name: str) -> None:
    report, registry = rendered.named(name)
    page = to_markdown(report, registry)
    assert len(page) <= LARGEST
    told = as_github(page).body.text()
    for result in report.results:
        assert f"{result.id} {result.slug}" in told


@given(rendered.TEXT)
@example("https://example.com www.example.com me@example.com @somebody #12 GH-3 :tada:")
@example("</details><script>alert(1)</script>")
@example("```\n# out\n```")
@example("    code")
@example("1. one")
@example("&lt; &#64; \\| $x$ ~~no~~ [^1] [a](b) ![](c)")
def test_captured_text_never_becomes_markup(text: str) -> None:
    page = as_github(to_markdown(*rendered.saying(text)))
    harmless = as_github(to_markdown(*rendered.saying("x" if plain(text).strip() else " " if text else "")))
    lines = {"p", "br"}  # several lines of evidence, or none of a blank sentence
    for tag in {node.tag for node in page.css("*")} | {node.tag for node in harmless.css("*")}:
        if tag not in lines:
            assert len(page.css(tag)) == len(harmless.css(tag)), tag


@given(rendered.TEXT)
def test_prose_and_code_show_the_text_that_they_were_given(text: str) -> None:
    assert words(as_github(f"So: {prose(text)}").body.text()) == words(f"So: {plain(text)}")
    assert words(as_github(f"So: {code(text)}").body.text()) == words(f"So: {plain(text)}")


@example("\r")
@example(" \r`x`\r ")
@given(rendered.TEXT)
def test_own_words_have_code_between_backticks_and_lose_no_letter(text: str) -> None:
    page = as_github(f"So: {own_words(text)}")
    assert words(page.body.text()).replace("`", "") == words(f"So: {plain(text)}").replace("`", "")
    assert {node.tag for node in page.css("p *")} <= {"code"}


@given(rendered.TEXT)
def test_evidence_is_found_back_as_it_was_captured(text: str) -> None:
    blocks = [node.text() for node in as_github(to_markdown(*rendered.saying(text))).css("pre")]
    assert "\n".join([*plain_lines(text), "between", *plain_lines(text), ""]) in blocks


@pytest.mark.parametrize(
    "text", ["https://example.com", "www.example.com", "@somebody", "owner/repo#12", "GH-12", ":tada:", "a@b.example"]
)
def test_nothing_is_linked_nor_mentioned(text: str) -> None:
    """GitHub looks for these in each piece of text by itself, after the Markdown was read."""
    page = as_github(prose(f"see {text} now"))
    assert page.css("a") == []
    pieces = [node.text_content for node in page.css_first("p").iter(include_text=True) if node.tag == "-text"]
    assert len(pieces) > 1
    assert "".join(piece or "" for piece in pieces) == f"see {text} now"


def test_what_does_not_fit_is_left_out_from_the_end_and_that_is_said() -> None:
    finding = reports.Finding(level=reports.Level.ERROR, message="Long.", evidence=("x" * 900,) * 12)
    checks = [reports.check(f"LNK{n:03}", f"long-{n}", findings=(finding,)) for n in range(100)]
    page = to_markdown(*reports.report(reports.BROKEN_FACTS, checks))
    assert len(page) <= LARGEST + 200
    assert "more parts are left out here for their size" in page
    assert page.count("<details>") == page.count("</details>")
