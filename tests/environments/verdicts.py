"""Judging facts by one check, or by all package checks, the way the engine does."""

from __future__ import annotations

from m1doctor.checks.check import Check
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.model.facts import Facts
from m1doctor.model.report import Result


def result_of(check: Check, facts: Facts) -> Result:
    """What one check says by itself, whatever explains it."""
    (result,) = judge(facts, Registry(built_in_checks()), selected=lambda name: name == check.id)
    return result


def family(facts: Facts, prefix: str) -> dict[str, Result]:
    """What all the checks of a family say together, by id."""
    results = judge(facts, Registry(built_in_checks()), selected=lambda name: name.startswith(prefix))
    return {result.id: result for result in results}
