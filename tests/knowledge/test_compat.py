from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.knowledge.compat import (
    Asked,
    Choice,
    Compatibility,
    Grade,
    Pair,
    Standing,
    answer,
    read_macos,
    read_python,
    read_release,
)
from m1doctor.knowledge.pairings import at_least, best_plugin_for, load, recommended_pair, version_key
from m1doctor.model.provider import Provider

TABLE = load()
MACS = (None, "11.7", "12.0", "12.6", "15", "15.1", "26.1")
PYTHONS = ("2.7", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.20")


def choice(python: str, macos: str | None = None) -> Choice:
    (found,) = answer(Asked(python=python, macos=macos)).choices
    return found


def pair(tensorflow: str, plugin: str, python: str | None = None, macos: str | None = None) -> Pair:
    (found,) = answer(Asked(tensorflow=tensorflow, plugin=plugin, python=python, macos=macos)).pairs
    return found


@pytest.mark.parametrize("macos", MACS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_choice_is_the_pair_that_a_diagnosis_recommends_and_else_a_reason(python: str, macos: str | None) -> None:
    found = choice(python, macos)
    recommended = recommended_pair(python, macos)
    if recommended is None:
        assert found.pair is None
        assert found.reason is not None
    else:
        assert found.reason is None
        assert found.pair is not None
        assert (found.pair.tensorflow, found.pair.plugin) == recommended
        assert (found.pair.standing, found.pair.obstacles) == (Standing.VOUCHED, ())


@pytest.mark.parametrize("macos", MACS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_pair_that_is_proposed_can_be_installed_there_and_is_vouched_for(python: str, macos: str | None) -> None:
    found = choice(python, macos)
    proposed = [*found.alternatives, *([found.pair] if found.pair else [])]
    for each in proposed:
        assert each.standing is Standing.VOUCHED
        assert each.obstacles == ()
        assert python in each.pythons
        assert macos is None or at_least(macos, each.minimum_macos or "99")
    minors = [each.tensorflow.rsplit(".", 1)[0] for each in proposed]
    assert len(minors) == len(set(minors))


@pytest.mark.parametrize(
    ("version", "python"), [(release.version, python) for release in TABLE.tensorflow for python in release.pythons]
)
def test_the_best_plugin_of_a_release_is_the_one_that_a_diagnosis_names(version: str, python: str) -> None:
    best = answer(Asked(tensorflow=version, python=python)).best
    assert (best.plugin if best else None) == best_plugin_for(version, python)


def test_the_community_plugin_is_proposed_only_where_apples_cannot_serve_and_never_as_the_pair() -> None:
    assert choice("3.12", "15.1").community is None
    found = choice("3.13", "15.1")
    assert found.pair is None
    assert found.community is not None
    assert found.community.obstacles == ()
    assert found.community.steps == ("tensorflow==2.21.0", "tensorflow-metal-plugin==0.4.1")
    assert found.community.conditions
    assert found.community.costs
    assert answer(Asked(tensorflow="2.19.1")).community is None
    for each in answer(Asked()).choices:
        assert each.pair is None or each.pair.requirements[1].startswith("tensorflow-metal==")


@pytest.mark.parametrize(
    ("asked", "obstacles"),
    [
        (Asked(tensorflow="2.21.0"), ()),
        (Asked(tensorflow="2.21.0", macos="15.0", python="3.10"), ()),
        (Asked(tensorflow="2.20.0"), ("it needs TensorFlow 2.21, not 2.20.0",)),
        (Asked(tensorflow="2.21.0", macos="14.7"), ("it needs macOS 15.0 or newer",)),
        (Asked(tensorflow="2.21.0", python="3.9"), ("it needs Python 3.10 or newer",)),
        (Asked(tensorflow="2.21.0", python="3.14"), ("TensorFlow 2.21.0 has no wheel for Python 3.14",)),
    ],
)
def test_what_keeps_the_community_plugin_from_serving_is_said(asked: Asked, obstacles: tuple[str, ...]) -> None:
    community = answer(asked).community
    assert community is not None
    assert community.obstacles == obstacles


def test_the_providers_are_apart_where_one_is_asked_for() -> None:
    (apple,) = answer(Asked(python="3.13", provider=Provider.APPLE)).choices
    assert apple.community is None
    assert answer(Asked(tensorflow="2.21.0", provider=Provider.APPLE)).community is None
    found = answer(Asked(python="3.12", macos="15.1", provider=Provider.COMMUNITY))
    assert (found.choices, found.pairs, found.best) == ((), (), None)
    assert found.community is not None
    assert found.community.obstacles == ()
    assert found.community.pythons == ("3.10", "3.11", "3.12", "3.13")
    # Apple's pair is told beside it: the community's plugin is never the silent choice.
    assert found.instead is not None
    assert (found.instead.tensorflow, found.instead.plugin) == recommended_pair("3.12", "15.1")


@pytest.mark.parametrize(
    ("plugin", "notes"),
    [
        ("0.4.1", ()),
        ("0.2.0", ("tensorflow-metal-plugin 0.2.0 is an older release: 0.4.1 is meant.",)),
        ("1.2.0", ("tensorflow-metal-plugin 1.2.0 is no release of it: 0.4.1 is meant.",)),
    ],
)
def test_a_release_of_the_community_plugin_is_taken_as_its_newest_and_that_is_said(
    plugin: str, notes: tuple[str, ...]
) -> None:
    assert answer(Asked(plugin=plugin, provider=Provider.COMMUNITY)).notes == notes


def test_a_python_without_wheels_is_told_of_another_python_and_of_the_cpu() -> None:
    found = choice("3.13", "14.0")
    assert found.other_python == "3.12"
    assert found.other_pair is not None
    assert found.other_pair.requirements == ("tensorflow==2.19.1", "tensorflow-metal==1.2.0")
    assert found.cpu == "tensorflow==2.21.0"
    assert choice("3.14").cpu == "tensorflow==2.22.0rc0"  # nothing else has a wheel
    assert choice("3.7").cpu is None


def test_an_old_macos_is_told_what_an_update_would_allow() -> None:
    none = choice("3.12", "12.0")
    assert none.pair is None
    assert none.after_update is not None
    assert none.after_update.minimum_macos == "12.1"
    older = choice("3.11", "12.0")
    assert older.pair is not None
    assert older.pair.plugin == "1.1.0"
    assert older.after_update is not None
    assert older.after_update.plugin == "1.2.0"
    assert choice("3.12", "12.1").after_update is None


@pytest.mark.parametrize(
    ("tensorflow", "plugin", "standing", "words"),
    [
        ("2.19.1", "1.2.0", Standing.VOUCHED, None),
        ("2.17.1", "1.2.0", Standing.UNPROVEN, None),
        ("2.16.1", "1.1.0", Standing.REPORTED_BAD, None),
        ("2.18.1", "1.1.0", Standing.DOES_NOT_LOAD, "Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii"),
        ("2.18.9", "1.1.0", Standing.DOES_NOT_LOAD, "Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii"),
        ("2.20.0", "1.2.0", Standing.DOES_NOT_LOAD, "Library not loaded: @rpath/_pywrap_tensorflow_internal.so"),
        ("2.30.0", "1.2.0", Standing.UNKNOWN, None),
        ("2.19.1", "1.3.0", Standing.UNKNOWN, None),
        ("2.4.0", "0.1.0", Standing.UNKNOWN, None),
    ],
)
def test_a_pair_is_what_all_that_is_known_comes_to(
    tensorflow: str, plugin: str, standing: Standing, words: str | None
) -> None:
    found = pair(tensorflow, plugin)
    assert (found.standing, found.dyld_says) == (standing, words)


def test_every_piece_of_evidence_has_a_dated_source_and_says_what_it_is_about() -> None:
    for each in answer(Asked()).pairs:
        measured = [ground for ground in each.grounds if ground.source == TABLE.links_source]
        assert len(measured) == 1
        assert (measured[0].grade is Grade.LINKS) == each.loads
        assert (measured[0].tensorflow, measured[0].plugin) == (each.tensorflow, each.plugin)
        assert each.stated == any(ground.grade is Grade.STATED for ground in each.grounds)
        for ground in each.grounds:
            assert ground.says
            assert ground.source.title
            assert ground.source.date


def test_every_published_pair_is_there_once_and_none_is_unknown() -> None:
    pairs = answer(Asked()).pairs
    assert len({(each.tensorflow, each.plugin) for each in pairs}) == len(pairs)
    assert len(pairs) == len(TABLE.tensorflow) * len(TABLE.plugins)
    assert all(each.standing is not Standing.UNKNOWN for each in pairs)


def test_every_report_of_the_table_is_in_the_answer() -> None:
    told = {ground.says for each in answer(Asked()).pairs for ground in each.grounds}
    assert {report.says for report in TABLE.reports} <= told


def test_a_minor_release_is_taken_as_its_newest_and_that_is_said() -> None:
    found = answer(Asked(tensorflow="2.16", plugin="1.1"))
    assert (found.asked.tensorflow, found.asked.plugin) == ("2.16.2", "1.1.0")
    assert found.notes == (
        "TensorFlow 2.16 is taken as its newest release, 2.16.2.",
        "tensorflow-metal 1.1 is taken as its newest release, 1.1.0.",
    )


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (Asked(tensorflow="2.30.0"), "nothing is known of it"),
        (Asked(tensorflow="2.18.7"), "known of 2.18.0, 2.18.1"),
        (Asked(plugin="0.4.1"), "a release of tensorflow-metal-plugin, which is not Apple's"),
    ],
)
def test_a_release_that_the_table_does_not_hold_is_said_to_be_none(asked: Asked, part: str) -> None:
    (note,) = answer(asked).notes
    assert "is not among the releases that were published by 2026-" in note
    assert part in note


def test_another_plugin_for_the_same_tensorflow_is_named_before_another_tensorflow() -> None:
    same = answer(Asked(tensorflow="2.18.1", plugin="1.1.0")).instead
    other = answer(Asked(tensorflow="2.20.0", plugin="1.2.0")).instead
    assert same is not None
    assert other is not None
    assert same.requirements == ("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    assert other.requirements == ("tensorflow==2.19.1", "tensorflow-metal==1.2.0")


def test_what_keeps_a_pair_from_a_python_and_a_macos_is_said() -> None:
    assert pair("2.17.1", "1.1.0", "3.12").obstacles == ("tensorflow-metal 1.1.0 has no wheel for Python 3.12",)
    assert pair("2.9.2", "0.5.1", "3.10", "12.6").obstacles == ("tensorflow-metal 0.5.1 needs macOS 13.0",)
    assert pair("2.20.0", "1.2.0", "3.13").obstacles == ("tensorflow-metal 1.2.0 has no wheel for Python 3.13",)
    assert pair("2.30.0", "1.9.0", "3.13", "10.15").obstacles == ()  # nothing is known of either


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.19.1", "2.19.1"), ("2.19", "2.19"), ("2.22.0rc0", "2.22.0rc0"), ("2.22.0-rc0", "2.22.0rc0"),
        ("02.09.1", "2.9.1"), ("2", None), ("", None), ("2.19.1 ", None), ("v2.19", None), ("2.19.1+cpu", None),
        ("2.19.1.2", None), ("\u0662.\u0661", None), ("2.19\n", None), ("9" * 5000 + ".1", None),
    ],
)  # fmt: skip
def test_versions_of_packages_are_read(text: str, version: str | None) -> None:
    assert read_release(text) == version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.12", "3.12"), ("3.12.4", "3.12"), ("3.13.0rc2", "3.13"), ("2.7.18", "2.7"), ("3.12.0+", "3.12"),
        ("3", None), ("312", None), ("python3.12", None), ("3.12\n", None), ("", None), ("4.0", None),
    ],
)  # fmt: skip
def test_versions_of_python_are_read(text: str, version: str | None) -> None:
    assert read_python(text) == version


@pytest.mark.parametrize(
    ("text", "version"),
    [("15", "15"), ("15.1", "15.1"), ("10.15.7", "10.15.7"), ("26.1", "26.1"), ("9.2", None), ("Sequoia", None),
     ("15.1\n", None), ("15.", None), ("", None), ("-15", None)],
)  # fmt: skip
def test_versions_of_macos_are_read(text: str, version: str | None) -> None:
    assert read_macos(text) == version


@given(
    st.one_of(st.none(), st.from_regex(r"3\.\d{1,2}", fullmatch=True)),
    st.one_of(st.none(), st.from_regex(r"[1-3]\d(\.\d)?", fullmatch=True)),
    st.from_regex(r"[0-3]\.\d{1,2}(\.\d)?(rc\d)?", fullmatch=True),
    st.one_of(st.none(), st.from_regex(r"[01]\.\d(\.\d)?", fullmatch=True)),
)
def test_every_question_has_an_answer(
    python: str | None, macos: str | None, tensorflow: str, plugin: str | None
) -> None:
    found: Compatibility = answer(Asked(python=python, macos=macos, tensorflow=tensorflow, plugin=plugin))
    assert found.pairs
    assert found.best is None or (found.best.standing is Standing.VOUCHED and not found.best.obstacles)
    assert found.best is None or found.instead is None
    assert all(each.loads is not False or each.dyld_says for each in found.pairs if TABLE.plugin(each.plugin))


def test_what_none_of_apples_plugins_loads_with_is_newer_than_what_they_do() -> None:
    unserved = answer(Asked()).unserved
    served = [release.version for release in TABLE.tensorflow if release.version not in unserved]
    assert min(map(version_key, unserved)) > max(map(version_key, served))
