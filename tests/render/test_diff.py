from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from rich.cells import cell_len

import rendered
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.model.comparison import Change, Changes, Comparison, Group, NotCompared, Side, Turn, Unit, Value
from m1doctor.model.report import Status, Target, TargetKind, Verdict, VerdictStatus
from m1doctor.render import diff as module
from m1doctor.render.diff import diff_as_json, diff_as_markdown, diff_as_text, told_value
from m1doctor.render.plain import plain
from m1doctor.support.diff.compare import compare
from markup import as_github, words


def compared(before: str = "healthy-m2-pro", after: str = "metal-mismatch") -> Comparison:
    pair = (rendered.of_machine(name)[0] for name in (before, after))
    return compare(*pair, Registry(built_in_checks()), names=("last-good", "1"), selected=lambda _: True)


def side(text: str, status: VerdictStatus = VerdictStatus.ERROR) -> Side:
    return Side(
        name=text,
        created=text,
        target=Target(kind=TargetKind.FOLDER, path=text, why=text),
        verdict=Verdict(status=status, headline=text),
    )


def saying(text: str) -> Comparison:
    """A comparison in which everything that may have been captured is `text`."""
    turn = Turn(id="LNK002", slug="a-slug", before=Status.PASS, after=Status.ERROR, summary=text)
    return Comparison(
        before=side("before"),
        after=side(text),
        appeared=(turn,),
        gone=(replace(turn, before=Status.NOTE, after=Status.SKIPPED),),
        altered=(replace(turn, before=Status.WARNING),),
        groups=(
            Changes(
                group=Group.PACKAGES,
                brings=("LNK002",),
                mends=("LNK001",),
                changes=(Change(what=text, before=text, after=None, named_by=("LNK002",)),),
                known_before=(text,),
                known_after=(text,),
                steady=2,
            ),
        ),
        not_compared=(NotCompared(section="memory", missing_in="after", reason=text),),
    )


def test_the_page_says_what_brought_the_failure_before_anything_else_that_changed() -> None:
    text = diff_as_text(
        compared(), width=80, to_rebuild=("m1doctor", "history", "show", "last-good", "--python", "a b")
    )
    assert text.startswith("✗ It got worse: tensorflow-metal 1.2.0 cannot load beside TensorFlow 2.20.0: it\n")
    assert "\nNew\n  ✗ LNK001 plugin-library-not-loaded: " in text
    assert re.search(
        r"\nPackages: what brings LNK001\n  tensorflow +2.18.1 \(uv\) -> 2.20.0 \(uv\) \(named by LNK001\)\n", text
    )
    assert text.index("Packages: what brings LNK001") < text.index("What TensorFlow did")
    assert text.endswith("of then again:\n  m1doctor history show last-good --python 'a b'\n")


@pytest.mark.parametrize(
    ("before", "after", "words_of_it"),
    [
        ("healthy-m2-pro", "healthy-m2-pro", "✓ Nothing that counts has changed. Still healthy: "),
        ("metal-mismatch", "healthy-m2-pro", "✓ It got better: "),
        ("metal-mismatch", "rosetta-shell", "✗ Still error, for other reasons: "),
        ("healthy-m2-pro", "healthy-m4-max", "✓ Still healthy, but not all is as it was: "),
    ],
)
def test_the_headline_says_which_way_it_went(before: str, after: str, words_of_it: str) -> None:
    assert diff_as_text(compared(before, after), width=80).startswith(words_of_it)


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_a_page_keeps_to_its_width_and_has_no_escape_without_colour(width: int) -> None:
    text = diff_as_text(compared(), width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= max(width, 42)
    assert "\x1b" not in text
    assert "\x1b[" in diff_as_text(compared(), width=width, colour=True)
    assert diff_as_text(compared(), width=width, unicode=False).isascii()


def test_many_changes_are_cut_with_a_count_and_whole_when_verbose() -> None:
    many = tuple(Change(what=f"package-{n}", before="1", after="2") for n in range(50))
    found = replace(saying("x"), groups=(Changes(group=Group.PACKAGES, changes=many),))
    assert "... and 30 more (--verbose lists them)" in diff_as_text(found, width=80)
    assert "package-49" in diff_as_text(found, width=80, verbose=True)
    assert "package-49" in diff_as_markdown(found)


def test_values_that_only_scatter_are_counted_as_that() -> None:
    found = replace(saying("x"), groups=(Changes(group=Group.MEMORY, steady=3),))
    told = "  3 measured values differ by no more than such values always do.\n"
    assert told in diff_as_text(found, width=80)


def test_two_environments_are_never_taken_for_one() -> None:
    found = replace(saying("x"), before=replace(side("y"), target=Target(kind=TargetKind.PYTHON, path="/y", why="")))
    assert "! These are two environments:\n  /y\n  x\n" in diff_as_text(found, width=80)
    assert "(`/y`)" in diff_as_markdown(found)


def test_the_document_holds_the_whole_comparison() -> None:
    document = json.loads(diff_as_json(compared()))
    assert document["different"] is True
    assert document["schema_version"] == 1
    assert document["groups"][0]["brings"] == ["LNK001"]
    assert document["groups"][0]["changes"][0]["after"] == "2.20.0 (uv)"


@given(rendered.TEXT)
def test_captured_text_is_shown_and_never_becomes_markup(text: str) -> None:
    page = as_github(diff_as_markdown(saying(text)))
    harmless = as_github(diff_as_markdown(saying("x" if plain(text).strip() else text and " ")))
    assert [node.tag for node in page.css("*")] == [node.tag for node in harmless.css("*")]
    assert words(page.body.text()).count(words(plain(text))) >= 8
    shown = diff_as_text(saying(text), width=100)
    assert all(line.isprintable() for line in shown.split("\n"))


def test_every_group_unit_and_verdict_has_a_wording() -> None:
    assert set(module.TITLES) == set(Group)
    assert set(module._UNITS) == set(Unit)
    assert set(module._BADNESS) == set(VerdictStatus)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (True, Unit.WORDS, "yes"),
        (False, Unit.WORDS, "no"),
        ("", Unit.WORDS, "nothing"),
        ("arm64", Unit.WORDS, "arm64"),
        (10, Unit.COUNT, "10"),
        (0, Unit.BYTES, "0 MB"),
        (3 * 2**30, Unit.BYTES, "3.0 GB"),
        (2_500_000_000, Unit.ROOM, "2.5 GB"),
        (0.0221, Unit.SECONDS, "22 ms"),
        (4000.2, Unit.PER_SECOND, "4000 pages/s"),
        (12.4, Unit.PERCENT, "12 %"),
        (2613.7, Unit.GFLOPS, "2614 GFLOP/s"),
    ],
)
def test_a_value_is_told_with_its_unit(value: Value, unit: Unit, told: str) -> None:
    assert told_value(value, unit) == told
