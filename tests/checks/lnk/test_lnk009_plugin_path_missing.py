from __future__ import annotations

from dataclasses import replace

from judged import judged
from m1doctor.checks.lnk.lnk009_plugin_path_missing import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from plugged import apple, environment, nothing


def named(*, exists: bool) -> Facts:
    facts = environment(apple())
    assert facts.plugins is not None
    return replace(facts, plugins=replace(facts.plugins, named_path="/x/plugin.dylib", named_path_exists=exists))


def test_a_variable_that_names_nothing_is_an_error() -> None:
    result = judged(CHECK, named(exists=False))
    assert result.status is Status.ERROR
    assert "names /x/plugin.dylib, where there is nothing" in result.summary


def test_a_variable_that_names_something_passes() -> None:
    assert judged(CHECK, named(exists=True)).status is Status.PASS


def test_without_the_variable_it_does_not_apply() -> None:
    assert judged(CHECK, environment(apple())).skip is SkipKind.NOT_APPLICABLE


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
