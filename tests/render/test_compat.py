from __future__ import annotations

import json
import re

import pytest

from m1doctor.knowledge.compat import Asked, Provider, answer
from m1doctor.knowledge.pairings import load
from m1doctor.render.compat import SCHEMA_VERSION, compat_as_json, compat_as_markdown, compat_as_text

QUESTIONS = {
    "everything": Asked(),
    "an old macOS": Asked(macos="12.0"),
    "a machine": Asked(python="3.12", macos="15.1"),
    "a Python without wheels": Asked(python="3.13", macos="15.1"),
    "a Python without anything": Asked(python="2.7"),
    "a release without a plugin": Asked(tensorflow="2.20.0"),
    "the community's release": Asked(tensorflow="2.21.0"),
    "a release that is not known": Asked(tensorflow="2.30.0"),
    "a plugin": Asked(plugin="1.1.0"),
    "a pair that does not load": Asked(tensorflow="2.18.1", plugin="1.1.0"),
    "a pair that is reported bad": Asked(tensorflow="2.16.1", plugin="1.1.0"),
    "a pair on a Python that it has no wheel for": Asked(tensorflow="2.17.1", plugin="1.1.0", python="3.12"),
    "the community's plugin": Asked(provider=Provider.COMMUNITY),
    "the community's plugin on an old macOS": Asked(python="3.12", macos="14.6", provider=Provider.COMMUNITY),
    "Apple's plugin alone": Asked(python="3.13", provider=Provider.APPLE),
    "a pair that nobody vouches for": Asked(tensorflow="2.17.1", plugin="1.2.0"),
}
each_question = pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)


def text(asked: Asked, width: int = 80) -> str:
    return compat_as_text(answer(asked), width=width)


def flat(asked: Asked) -> str:
    """The page without its line ends."""
    return " ".join(text(asked).split())


@each_question
@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_page_keeps_to_the_width_but_for_what_is_to_be_copied(asked: Asked, width: int) -> None:
    for line in text(asked, width).splitlines():
        copied = re.match(
            r" {4}(https://|│ |tensorflow|python -m pip|m1doctor )|  tensorflow\S+ tensorflow-metal==", line
        )
        assert len(line) <= width or copied, line


@each_question
def test_quotes_are_wrapped_on_a_terminal(asked: Asked) -> None:
    page = compat_as_text(answer(asked), width=40, wrap_quotes=True)
    assert all(len(line) <= 40 for line in page.splitlines() if line.startswith("    │ "))


@each_question
def test_colour_adds_codes_and_changes_no_word(asked: Asked) -> None:
    coloured = compat_as_text(answer(asked), width=80, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text(asked)


@each_question
def test_a_reader_without_unicode_gets_ascii(asked: Asked) -> None:
    assert compat_as_text(answer(asked), width=80, unicode=False).isascii()


@each_question
def test_the_document_is_the_whole_answer(asked: Asked) -> None:
    found = answer(asked)
    document = json.loads(compat_as_json(found))
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["asked"] == {
        "python": found.asked.python,
        "macos": found.asked.macos,
        "tensorflow": found.asked.tensorflow,
        "plugin": found.asked.plugin,
        "provider": found.asked.provider,
    }
    assert [(each["tensorflow"], each["plugin"], each["standing"]) for each in document["pairs"]] == [
        (each.tensorflow, each.plugin, each.standing) for each in found.pairs
    ]
    assert [each["python"] for each in document["choices"]] == [each.python for each in found.choices]
    assert (document["community"] is None) == (found.community is None)


@each_question
def test_markdown_says_what_the_text_says(asked: Asked) -> None:
    page = compat_as_markdown(answer(asked))
    assert page.count("```") % 2 == 0
    assert not re.search(r"\n{3}", page)
    words = set(re.findall(r"[A-Za-z]{3,}", text(asked)))
    assert words - set(re.findall(r"[A-Za-z]{3,}", page)) == set()
    for line in page.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 3, line


def test_the_answer_for_one_machine_names_the_pair_who_proves_it_and_what_speaks_against_it() -> None:
    page = text(QUESTIONS["a machine"])
    assert page.startswith(
        "✓ Python 3.12 on macOS 15.1: TensorFlow 2.19.1 with tensorflow-metal 1.2.0\n"
        "    tensorflow==2.19.1\n"
        "    tensorflow-metal==1.2.0\n"
    )
    words = flat(QUESTIONS["a machine"])
    known = load().evidence("2.19.1", "1.2.0")
    for report in (*known.works, *known.whole_plugin):
        assert report.says in words
        assert f"{report.source.title}, {report.source.date}" in words
    assert "stated by Apple: Apple's table names the two together" in words
    assert "tensorflow==2.18.1 tensorflow-metal==1.2.0" in words
    assert "community" not in words


def test_the_community_plugin_comes_with_two_commands_its_conditions_and_its_costs() -> None:
    words = flat(QUESTIONS["a Python without wheels"])
    assert "python -m pip install tensorflow==2.21.0 python -m pip install tensorflow-metal-plugin==0.4.1" in words
    for sentence in (*load().community.conditions, *load().community.costs):
        assert sentence in words
    assert words.index("With Python 3.12") < words.index("The community's plugin")


def test_the_page_of_the_community_plugin_says_who_proves_it_and_names_apples_pair() -> None:
    page = flat(Asked(python="3.12", macos="15.1", provider=Provider.COMMUNITY))
    assert page.startswith(
        "? tensorflow-metal-plugin 0.4.1 for Python 3.12 on macOS 15.1: possible, by what its authors"
    )
    assert "no report by anybody else is known" in page
    assert "Costs: " in page
    assert "Measured: its source calls 48 functions" in page
    assert "tensorflow==2.19.1 tensorflow-metal==1.2.0" in page
    refused = flat(Asked(python="3.12", macos="14.6", provider=Provider.COMMUNITY))
    assert "not possible, for it needs macOS 15.0 or newer" in refused
    assert "pip install" not in refused


def test_a_release_that_no_plugin_loads_with_is_told_in_dylds_words() -> None:
    page = text(QUESTIONS["a release without a plugin"])
    assert page.startswith("✗ TensorFlow 2.20.0 loads with none of Apple's plugins.\n")
    assert "\n    │ Library not loaded: @rpath/_pywrap_tensorflow_internal.so\n" in page
    assert "It cannot serve here: it needs TensorFlow 2.21, not 2.20.0." in page


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    assert text(QUESTIONS["a release that is not known"]).startswith("? TensorFlow 2.30.0: unknown, ")
    words = flat(QUESTIONS["a pair that nobody vouches for"])
    assert words.startswith("? TensorFlow 2.17.1 with tensorflow-metal 1.2.0 loads; whether it works is unknown")


def test_apples_statement_about_a_pair_that_does_not_load_is_called_no_proof() -> None:
    words = flat(QUESTIONS["a pair that does not load"])
    assert words.startswith("✗ TensorFlow 2.18.1 with tensorflow-metal 1.1.0 does not load. ")
    assert "Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii" in words
    assert "A statement is no proof" in words


def test_a_pair_that_the_python_cannot_install_says_so() -> None:
    words = flat(QUESTIONS["a pair on a Python that it has no wheel for"])
    assert "Not for Python 3.12: tensorflow-metal 1.1.0 has no wheel for Python 3.12." in words


def test_the_overview_has_a_row_for_every_release_with_exactly_what_loads_and_every_report() -> None:
    table = load()
    page = compat_as_markdown(answer(Asked()))
    rows = dict(re.findall(r"^\| (\d\S+) \| (.+) \|$", page, re.MULTILINE))
    assert list(rows) == [release.version for release in reversed(table.tensorflow)]
    for version, cell in rows.items():
        loading = {word.split()[0] for word in cell.split(", ")} - {"none"}
        assert loading == {plugin for plugin, versions in table.loads.items() if version in versions}
    assert "1.1.0 stated+works+bad" in rows["2.16.1"]
    for report in table.reports:
        assert report.says in page
        assert report.source.date in page
