"""LOAD311 bfloat16-on-early-chips: the policy mixed_bfloat16 on a chip that is slow at it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import policies
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_EARLY = re.compile(r"\bM[12]\b")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """The policy, where the chip is an M1 or M2, or unknown."""
    if versions.chip is not None and not _EARLY.search(versions.chip):
        return
    for call, name, _ in policies(module):
        if name == "mixed_bfloat16":
            yield Seen(
                node=call,
                message="On M1 and M2 products in bfloat16 run at 0.57 of the speed of float32.",
                only_if=None if versions.chip is not None else "the chip is an M1 or M2",
            )


RULE = Rule(
    id="LOAD311",
    slug="bfloat16-on-early-chips",
    level=Level.NOTE,
    judge=judge,
    words=("mixed_bfloat16",),
    gain="1.7 times",
    page=RulePage(
        what="The policy `mixed_bfloat16` is set, and the chip is an M1 or M2.",
        why=(
            "These chips emulate bfloat16: 1.36 to 1.43 against 2.47 to 2.52 TFLOPS in float32 were measured on an M2. "
            "Before 0.8.0 the plugin had no 16-bit kernels at all."
        ),
        example="keras.mixed_precision.set_global_policy('mixed_bfloat16')",
        better="keras.mixed_precision.set_global_policy('float32')",
        fix="Stay with float32.",
        versions="M1 and M2; tensorflow-metal 0.8.0 and later.",
        sources=(
            Source("KTH, Apple vs. Oranges: M-series chips for HPC", "https://arxiv.org/abs/2502.05317", "2026-11-23"),
        ),
    ),
)
