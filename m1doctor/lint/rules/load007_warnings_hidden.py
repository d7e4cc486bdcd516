"""LOAD007 warnings-hidden: TensorFlow's own lines are hidden, those on devices among them."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import is_assigned
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_VARIABLE = "TF_CPP_MIN_LOG_LEVEL"


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Levels of 2 and above: warnings are gone."""
    del versions
    for statement, value, region in is_assigned(module, _VARIABLE):
        if str(module.literal(value, region)) in ("2", "3"):
            yield Seen(node=statement, message="This hides TensorFlow's warnings, those about devices and memory, too.")


RULE = Rule(
    id="LOAD007",
    slug="warnings-hidden",
    level=Level.NOTE,
    judge=judge,
    words=(_VARIABLE,),
    page=RulePage(
        what="`TF_CPP_MIN_LOG_LEVEL` is 2 or 3.",
        why=(
            "The lines in which TensorFlow says which plugin and which device it uses are informational, and its "
            "complaints are warnings. With both hidden a CPU looks like a slow GPU."
        ),
        example="os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'",
        better="os.environ['TF_CPP_MIN_LOG_LEVEL'] = '0'",
        fix="Leave it out while something is slow. `m1doctor log` explains the lines, the harmless ones too.",
        versions="Every TensorFlow 2.",
        sources=(Source("Seen: TensorFlow 2.18.1 and 2.21", None, "2026-11-23"),),
    ),
)
