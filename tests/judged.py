"""One check over facts made by hand."""

from __future__ import annotations

from dataclasses import replace

from m1doctor.checks.check import Check
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry
from m1doctor.model.facts import Facts
from m1doctor.model.report import Result


def judged(check: Check, facts: Facts) -> Result:
    """The result of one check by itself, its parents left out."""
    (result,) = judge(facts, Registry([replace(check, after=())]))
    return result
