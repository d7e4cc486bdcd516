"""Whether a release is one of those that install nothing on Apple silicon, which PKG001 and PKG003 tell."""

from __future__ import annotations

from m1doctor.knowledge.known_faults import Shim, in_range, known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.packages import Distribution


def empty_release(facts: Facts, distribution: Distribution) -> Shim | None:
    """What is known of a release that holds no code for this kind of machine; `None` for one that does."""
    if facts.interpreter is not None and facts.interpreter.apple_silicon_target is False:
        return None
    for shim in known_faults().shims:
        if shim.name == distribution.normalized_name and in_range(distribution.version, shim.versions):
            return shim
    return None
