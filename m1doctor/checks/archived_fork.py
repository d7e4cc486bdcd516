"""Whether the installed TensorFlow is Apple's archived fork of 2.4, which PKG013 tells and PKG002 must know."""

from __future__ import annotations

from m1doctor.knowledge.known_faults import ArchivedFork, in_range, known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.packages import Distribution


def archived_fork(facts: Facts) -> tuple[Distribution, ArchivedFork] | None:
    """The distribution that is the fork, and what is known of it.

    On an arm64 Mac every TensorFlow 2.4 is the fork: the stock one had x86_64 wheels only. On an Intel Mac the plain
    name says nothing, but the fork's own `mlcompute` package does.
    """
    if facts.packages is None:
        return None
    arm64 = facts.interpreter is not None and facts.interpreter.apple_silicon_target is True
    ml_compute = any(module.ml_compute for module in facts.packages.modules)
    for distribution in facts.packages.distributions:
        for fork in known_faults().archived_forks:
            if fork.name != distribution.normalized_name or not in_range(distribution.version, fork.versions):
                continue
            if fork.apple_silicon_only and not (arm64 or ml_compute):
                continue
            return distribution, fork
    return None
