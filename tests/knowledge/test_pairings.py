from __future__ import annotations

import re

import pytest

from m1doctor.knowledge.pairings import (
    Outcome,
    at_least,
    best_plugin_for,
    installs_as,
    load,
    pythons_with_plugin,
    recommended_pair,
    same_minor,
    version_key,
)

TABLE = load()
PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


def test_every_source_has_a_title_and_a_date() -> None:
    for source in TABLE.sources.values():
        assert source.title
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", source.date)
        assert source.url is None or source.url.startswith("https://")


def test_every_pair_of_releases_was_measured() -> None:
    for plugin in TABLE.plugins:
        for release in TABLE.tensorflow:
            answers = (release.version in TABLE.loads[plugin.version], release.version in TABLE.fails[plugin.version])
            assert sum(answers) == 1, f"{plugin.version} with {release.version}"


def test_every_measured_version_is_a_listed_release() -> None:
    listed = {release.version for release in TABLE.tensorflow}
    for table in (TABLE.loads, TABLE.fails):
        assert set(table) == {plugin.version for plugin in TABLE.plugins}
        assert all(versions <= listed for versions in table.values())


def test_exactly_the_pairs_that_do_not_link_have_words_of_dyld() -> None:
    failing = {(tensorflow, plugin) for plugin, versions in TABLE.fails.items() for tensorflow in versions}
    assert set(TABLE.said) == failing
    for words in TABLE.said.values():
        assert re.match(r"Library not loaded: @rpath/|Symbol not found: _|symbol not found in flat namespace '_", words)
    assert TABLE.said["2.18.1", "1.1.0"] == "Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii"
    assert TABLE.said["2.20.0", "1.2.0"] == "Library not loaded: @rpath/_pywrap_tensorflow_internal.so"


def test_releases_are_listed_once_and_from_old_to_new() -> None:
    for releases in (TABLE.tensorflow, TABLE.plugins):
        versions = [release.version for release in releases]
        assert versions == sorted(set(versions), key=version_key)


def test_every_plugin_can_be_told_by_its_content() -> None:
    for plugin in TABLE.plugins:
        assert plugin.sha256
        for digest in plugin.sha256:
            assert re.fullmatch(r"[0-9a-f]{64}", digest)
            assert TABLE.identified(sha256=digest) is not None
        for uuid in plugin.uuid:
            assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", uuid)
    newest = TABLE.identified(uuid="8B62586B-B082-3113-93AB-FD766A9960AE")
    assert newest is not None
    assert newest.version == "1.2.0"
    assert TABLE.identified(sha256="0" * 64) is None
    assert TABLE.identified() is None


@pytest.mark.parametrize("python", ["3.9", "3.10", "3.11.7", "3.12"])
def test_the_recommended_pair_is_the_newest_that_somebody_saw_working(python: str) -> None:
    assert recommended_pair(python) == ("2.19.1", "1.2.0")


@pytest.mark.parametrize("python", ["3.13", "3.14", "3.7", "2.7"])
def test_a_python_without_plugin_wheels_has_no_pair(python: str) -> None:
    assert recommended_pair(python) is None
    assert all(best_plugin_for(release.version, python) is None for release in TABLE.tensorflow)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("macos", [None, "11.7", "12.0", "12.6", "15.1"])
def test_what_is_recommended_links_is_vouched_for_and_can_be_installed(python: str, macos: str | None) -> None:
    pair = recommended_pair(python, macos)
    if pair is None:
        return
    known, release, plugin = TABLE.evidence(*pair), TABLE.release(pair[0]), TABLE.plugin(pair[1])
    assert release is not None
    assert plugin is not None
    assert (known.links, known.vouched, known.bad) == (True, True, ())
    assert python in release.pythons
    assert python in plugin.pythons
    if macos is not None:
        assert at_least(macos, plugin.minos or "0")
        assert at_least(macos, release.wheel_macos)


@pytest.mark.parametrize(
    ("tensorflow", "python", "plugin"),
    [
        ("2.19.1", "3.11", "1.2.0"),
        ("2.18.0", "3.9", "1.2.0"),
        ("2.17.1", "3.11", "1.1.0"),
        ("2.17.1", "3.12", None),  # 1.1.0 has no wheel for 3.12, and nobody vouches for 1.2.0 there
        ("2.16.1", "3.10", None),  # the only stated plugin is reported to crash
        ("2.16.2", "3.10", "1.1.0"),
        ("2.13.1", "3.11", "1.0.1"),
        ("2.11.0", "3.10", "0.7.1"),  # 0.7.0 is reported to fail when it trains
        ("2.8.0", "3.9", "0.4.0"),
        ("2.20.0", "3.12", None),
        ("2.21.0", "3.12", None),
        ("2.30.0", "3.12", None),
        ("not a version", "3.12", None),
    ],
)
def test_the_plugin_for_a_tensorflow_is_one_that_somebody_vouches_for(
    tensorflow: str, python: str, plugin: str | None
) -> None:
    assert best_plugin_for(tensorflow, python) == plugin


def test_a_plugin_built_for_a_newer_macos_is_not_offered_to_an_older_one() -> None:
    assert best_plugin_for("2.9.2", "3.10", "13.4") == "0.5.1"
    assert best_plugin_for("2.9.2", "3.10", "12.6") == "0.5.0"
    assert best_plugin_for("2.9.2", "3.10", "12.0") is None


def test_apples_statement_is_not_taken_for_proof() -> None:
    known = TABLE.evidence("2.18.1", "1.1.0")
    assert (known.stated, known.links) == (True, False)
    assert TABLE.evidence("2.20.0", "1.2.0").stated
    assert TABLE.evidence("2.20.0", "1.2.0").links is False


def test_a_sibling_patch_counts_for_a_good_report_and_not_for_a_bad_one() -> None:
    assert [report.tensorflow for report in TABLE.evidence("2.19.1", "1.2.0").works] == ["2.19.0"]
    assert TABLE.evidence("2.16.1", "1.1.0").bad
    assert not TABLE.evidence("2.16.2", "1.1.0").bad
    assert not TABLE.evidence("2.11.0", "0.7.1").bad


def test_a_link_of_an_unlisted_patch_is_that_of_its_siblings() -> None:
    assert TABLE.links("2.19.7", "1.2.0") is True
    assert TABLE.links("2.20.4", "1.2.0") is False
    assert TABLE.links("2.40.0", "1.2.0") is None


def test_a_defect_of_the_whole_plugin_is_kept_apart() -> None:
    known = TABLE.evidence("2.19.1", "1.2.0")
    assert [report.outcome for report in known.whole_plugin] == [Outcome.WRONG_RESULTS]
    assert known.bad == ()


@pytest.mark.parametrize(
    ("version", "asked"),
    [("2.15.0", "tensorflow-macos==2.15.0"), ("2.15.1", "tensorflow==2.15.1"), ("2.99.0", "tensorflow==2.99.0")],
)
def test_tensorflow_is_asked_for_by_the_name_that_has_the_code(version: str, asked: str) -> None:
    assert installs_as(version) == asked


def test_the_pythons_with_a_plugin_end_at_3_12() -> None:
    assert pythons_with_plugin() == ("3.8", "3.9", "3.10", "3.11", "3.12")


def test_versions_are_compared_as_numbers() -> None:
    assert at_least("12.10", "12.9")
    assert at_least("12", "12.0.0")
    assert not at_least("11.7.10", "12.0")
    assert version_key("2.22.0rc0") < version_key("2.22.0")
    assert same_minor("2.18.0", "2.18.1+local")
    assert not same_minor("2.18.0", "2.1.8")
    assert not same_minor("x", "x")


def test_the_communitys_plugin_has_conditions_of_its_own() -> None:
    community = TABLE.community
    assert (community.needs_tensorflow, community.needs_macos, community.newest) == ("2.21", "15.0", "0.4.1")
    assert community.newest in community.versions
