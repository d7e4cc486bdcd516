from __future__ import annotations

import pytest

from interpreters import PYTHON
from judged import judged
from m1doctor.checks.lnk.lnk004_untested_pairing import CHECK
from m1doctor.checks.lnk.lnk007_known_bad_pairing import CHECK as KNOWN_BAD
from m1doctor.knowledge.lock_rules import Objection, faults_of
from m1doctor.knowledge.pairings import load
from m1doctor.model.report import SkipKind, Status
from plugged import NOT_LOADED, apple, community, environment, nothing


@pytest.mark.parametrize(("metal", "tensorflow"), [("1.2.0", "2.12.0"), ("1.2.0", "2.17.1"), ("0.7.1", "2.16.1")])
def test_a_pair_that_only_links_is_a_warning(metal: str, tensorflow: str) -> None:
    result = judged(CHECK, environment(apple(metal), tensorflow=tensorflow))
    assert result.status is Status.WARNING
    assert f"tensorflow-metal {metal} links with TensorFlow {tensorflow}, but neither Apple" in result.summary


def test_the_way_out_is_a_plugin_that_somebody_vouches_for() -> None:
    remedy = judged(CHECK, environment(apple("1.2.0"), tensorflow="2.17.1")).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "install", "tensorflow-metal==1.1.0")


@pytest.mark.parametrize(
    ("metal", "tensorflow"),
    [
        ("1.2.0", "2.18.0"),
        ("1.2.0", "2.18.1"),
        ("1.2.0", "2.19.0"),
        ("1.2.0", "2.19.1"),
        ("1.1.0", "2.14.1"),
        ("1.1.0", "2.16.2"),
        ("1.1.0", "2.17.1"),
        ("1.0.1", "2.13.1"),
        ("0.8.0", "2.12.0"),
        ("0.7.1", "2.11.0"),
        ("0.6.0", "2.10.0"),
        ("0.5.1", "2.9.2"),
        ("0.1.2", "2.5.0"),
    ],
)
def test_a_pair_that_apple_or_a_report_names_passes_with_the_grounds(metal: str, tensorflow: str) -> None:
    result = judged(CHECK, environment(apple(metal), tensorflow=tensorflow))
    assert result.status is Status.PASS
    assert "links (measured" in result.summary
    assert "stated by Apple" in result.summary or "reported to work" in result.summary


def test_every_pair_that_apple_states_and_that_loads_is_clean() -> None:
    table = load()
    for plugin in table.plugins:
        for release in table.tensorflow:
            if table.evidence(release.version, plugin.version).stated:
                result = judged(CHECK, environment(apple(plugin.version), tensorflow=release.version))
                assert result.status is Status.PASS


def test_a_known_bad_pair_is_another_checks_matter() -> None:
    assert judged(CHECK, environment(apple("0.6.0"), tensorflow="2.9.0")).status is Status.PASS


@pytest.mark.parametrize(
    ("version", "words"),
    [("0.2.0", "check nothing; which they load with"), ("9.0", "0.4.1 is the newest that is known")],
)
def test_a_release_of_the_communitys_plugin_that_says_less_is_doubtful_here_and_in_a_lock(
    version: str, words: str
) -> None:
    plugin = community(distributions=(f"tensorflow_metal_plugin {version}",))
    result = judged(CHECK, environment(plugin, tensorflow="2.19.1"))
    assert result.status is Status.WARNING
    assert words in result.findings[0].evidence[0]
    assert judged(KNOWN_BAD, environment(plugin, tensorflow="2.19.1")).status is Status.PASS
    (fault,) = faults_of({"tensorflow": "2.19.1", "tensorflow-metal-plugin": version}, "3.12", "15.0")
    assert (fault.objection, words in fault.says) == (Objection.DOUBTFUL, True)


def test_a_plugin_that_is_no_release_of_apples_is_not_judged() -> None:
    assert judged(CHECK, environment(community())).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, environment(apple(version=None))).skip is SkipKind.NOT_APPLICABLE  # type: ignore[arg-type]  # unknown
    assert judged(CHECK, environment(apple(link=NOT_LOADED))).skip is SkipKind.NOT_APPLICABLE


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(), tensorflow=None)).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(link=None))).skip is SkipKind.UNKNOWN
