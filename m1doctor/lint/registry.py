"""The rules that there are: every module of `rules/` has one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from m1doctor.lint.rule import Rule


class RuleError(Exception):
    """A module of `rules/` without a rule, or two rules of one id or slug: a defect of ours."""


class Rules:
    """The rules in the order of their ids."""

    def __init__(self, rules: list[Rule]) -> None:
        """Raises `RuleError` for two of one id or slug."""
        self._rules = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
        if len(self._rules) != len(rules) or len({rule.slug for rule in rules}) != len(rules):
            raise RuleError("two rules share an id or a slug")

    def __iter__(self) -> Iterator[Rule]:
        """In the order of the ids."""
        return iter(self._rules.values())

    def __len__(self) -> int:
        """Number of rules."""
        return len(self._rules)

    def get(self, name: str) -> Rule | None:
        """A rule by its id, in any case, or by its slug."""
        found = self._rules.get(name.upper())
        return found or next((rule for rule in self if rule.slug == name.lower()), None)


@cache
def load_rules() -> Rules:
    """All rules. Raises `RuleError`."""
    package = importlib.import_module("m1doctor.lint.rules")
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        rule = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "RULE", None)
        if not isinstance(rule, Rule):
            message = f"m1doctor/lint/rules/{module.name}.py has no RULE"
            raise RuleError(message)
        found.append(rule)
    return Rules(found)
