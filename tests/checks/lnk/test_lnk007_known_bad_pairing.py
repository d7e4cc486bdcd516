from __future__ import annotations

import pytest

from interpreters import PYTHON
from judged import judged
from m1doctor.checks.lnk.lnk007_known_bad_pairing import CHECK
from m1doctor.model.report import SkipKind, Status
from plugged import apple, community, environment, nothing


@pytest.mark.parametrize(
    ("metal", "tensorflow", "python", "words"),
    [
        ("0.6.0", "2.9.0", "3.10.4", "to crash"),
        ("0.7.0", "2.11.0", "3.10.4", "to fail when it trains"),
        ("1.1.0", "2.16.1", "3.10.14", "to crash"),
    ],
)
def test_a_pair_that_somebody_saw_fail_is_an_error_with_the_report(
    metal: str, tensorflow: str, python: str, words: str
) -> None:
    result = judged(CHECK, environment(apple(metal), tensorflow=tensorflow, python=python))
    assert result.status is Status.ERROR
    assert f"is reported {words}" in result.summary
    (finding,) = result.findings
    assert any("20" in line and tensorflow in line for line in finding.evidence)
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[:4] == (PYTHON, "-m", "pip", "install")


def test_a_report_that_it_worked_for_another_is_told_too() -> None:
    evidence = judged(CHECK, environment(apple("1.1.0"), tensorflow="2.16.1")).findings[0].evidence
    assert any(line.startswith("works: ") for line in evidence)


@pytest.mark.parametrize(
    ("metal", "tensorflow"), [("1.2.0", "2.19.1"), ("1.2.0", "2.18.1"), ("1.1.0", "2.16.2"), ("0.7.1", "2.11.0")]
)
def test_siblings_and_healthy_pairs_pass(metal: str, tensorflow: str) -> None:
    assert judged(CHECK, environment(apple(metal), tensorflow=tensorflow)).status is Status.PASS


def test_the_communitys_plugin_with_another_tensorflow_offers_no_gpu() -> None:
    result = judged(CHECK, environment(community(), tensorflow="2.19.1"))
    assert result.status is Status.ERROR
    assert "accepts TensorFlow 2.21 only, and this is 2.19.1" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert [step.argv[-1] for step in remedy.steps] == ["tensorflow==2.21.0", "tensorflow-metal-plugin==0.4.1"]


def test_the_communitys_plugin_with_its_own_tensorflow_passes() -> None:
    assert judged(CHECK, environment(community(), tensorflow="2.21.0")).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(), tensorflow=None)).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(link=None))).skip is SkipKind.UNKNOWN
