from __future__ import annotations

from dataclasses import replace

import pytest

from interpreters import M1, PYTHON, interpreter
from judged import judged
from m1doctor.checks.lnk.lnk001_plugin_library_not_loaded import CHECK
from m1doctor.checks.plugin_words import VARIABLE
from m1doctor.model.report import SkipKind, Status
from plugged import CORE, NOT_LOADED, PATH, apple, community, environment, linux, not_found, nothing, symbol


def test_it_names_the_library_and_quotes_dyld() -> None:
    result = judged(CHECK, environment(apple(link=NOT_LOADED), tensorflow="2.20.0"))
    assert result.status is Status.ERROR
    assert f"tensorflow-metal 1.2.0 cannot load beside TensorFlow 2.20.0: it asks for {CORE}" in result.summary
    (finding,) = result.findings
    assert f"dlopen({PATH}, 0x0006): Library not loaded: {CORE}" in finding.evidence
    assert "  Reason: tried" in finding.evidence


@pytest.mark.parametrize("python", ["3.9.20", "3.12.4"])
def test_the_way_out_is_the_pair_of_this_python(python: str) -> None:
    result = judged(CHECK, environment(apple(link=NOT_LOADED), tensorflow="2.20.0", python=python))
    remedy = result.findings[0].remedy
    assert remedy is not None
    step, then = remedy.steps
    assert "Compare a result of the GPU with the CPU's" in then.text
    assert step.argv == (PYTHON, "-m", "pip", "install", "tensorflow==2.19.1", "tensorflow-metal==1.2.0")
    assert "stated by Apple" in remedy.summary
    assert "reported to work" in remedy.summary


def test_on_a_macos_older_than_every_plugin_the_update_comes_first() -> None:
    old = replace(M1, macos_version="11.7")
    remedy = judged(CHECK, environment(apple(link=NOT_LOADED), tensorflow="2.20.0", host=old)).findings[0].remedy
    assert remedy is not None
    assert "update macOS to 12.1" in remedy.summary


def test_for_an_unknown_python_the_pair_of_each_is_named() -> None:
    facts = environment(apple(link=NOT_LOADED), tensorflow="2.20.0", interpreter=interpreter(version=None))
    remedy = judged(CHECK, facts).findings[0].remedy
    assert remedy is not None
    assert any(
        "On Python 3.9, 3.10, 3.11, 3.12: tensorflow==2.19.1 tensorflow-metal==1.2.0" in step.text
        for step in remedy.steps
    )


def test_a_pair_that_should_link_is_laid_down_anew() -> None:
    remedy = judged(CHECK, environment(apple(link=NOT_LOADED), tensorflow="2.19.1")).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv[-2:] == ("tensorflow==2.19.1", "tensorflow-metal==1.2.0")
    assert "--force-reinstall" in remedy.steps[0].argv


def test_on_python_3_13_it_says_truthfully_that_there_is_no_pair() -> None:
    result = judged(CHECK, environment(apple(link=NOT_LOADED), tensorflow="2.20.0", python="3.13.1"))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert "Apple has no plugin that loads on Python 3.13" in remedy.summary
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "uninstall", "--yes", "tensorflow-metal")
    assert any("Python 3.12" in step.text and "tensorflow==2.19.1" in step.text for step in remedy.steps)
    assert any("tensorflow-metal-plugin 0.4.1" in step.text for step in remedy.steps)


def test_a_stale_library_that_no_package_claims_is_moved_away() -> None:
    result = judged(CHECK, environment(apple(link=NOT_LOADED, distributions=()), tensorflow="2.20.0"))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert PATH in remedy.steps[0].text


def test_a_library_that_the_environment_names_is_taken_out_of_it() -> None:
    result = judged(CHECK, environment(apple(link=NOT_LOADED, origin=VARIABLE), tensorflow="2.20.0"))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert f"unset {VARIABLE}" in remedy.steps[0].text


def test_the_communitys_plugin_is_built_after_its_tensorflow_in_two_commands() -> None:
    result = judged(CHECK, environment(community(link=NOT_LOADED), tensorflow="2.20.0"))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert [step.argv[-1] for step in remedy.steps] == ["tensorflow==2.21.0", "tensorflow-metal-plugin==0.4.1"]


@pytest.mark.parametrize("plugin", [apple(), apple(link=not_found(symbol("_a")))])
def test_a_plugin_whose_libraries_are_there_passes(plugin) -> None:  # noqa: ANN001 - a Plugin
    assert judged(CHECK, environment(plugin)).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(link=None))).skip is SkipKind.UNKNOWN


def test_without_a_plugin_it_does_not_apply() -> None:
    assert judged(CHECK, environment()).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, linux()).skip is SkipKind.NOT_APPLICABLE
