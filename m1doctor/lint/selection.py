"""Which rules take part, from the command line and from the settings."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.checks.selection import Wish, choose
from m1doctor.lint.engine import Wanted
from m1doctor.lint.registry import Rules


def choose_rules(
    rules: Rules, *, select: Sequence[Wish] = (), ignore: Sequence[Wish] = (), hints: bool = False
) -> Wanted:
    """Reduce wishes to the rules that take part.

    Settings also name checks of environments: what they say of those is not for us. A hint that is selected by its id
    or slug is told also where hints are not. Raises `SelectionError` for a name on the command line that fits no rule.
    """
    wanted = [wish for wish in select if wish.from_command_line or _names_a_rule(rules, wish.name)]
    unwanted = [wish for wish in ignore if wish.from_command_line or _names_a_rule(rules, wish.name)]
    chosen = choose(rules, select=wanted, ignore=unwanted)
    named = frozenset(rule.id for wish in wanted if (rule := rules.get(wish.name)) is not None)
    return Wanted(ids=chosen.ids, hints=hints, by_name=named & chosen.ids)


def _names_a_rule(rules: Rules, name: str) -> bool:
    return rules.get(name) is not None or any(rule.id.startswith(name.upper()) for rule in rules)
