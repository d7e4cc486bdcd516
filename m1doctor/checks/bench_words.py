"""What the checks of the PERF family share: where they apply, and samples as evidence."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.bench.verdicts import on_gpu
from m1doctor.model.facts import Facts

MOST_SAMPLES = 9
"""Samples that are quoted; the document has them all."""


def applies_on_gpu(facts: Facts) -> str | None:
    """For `Check.applies`: why there is no speed of a GPU to speak of."""
    if not on_gpu(facts):
        return "TensorFlow computes on the CPU here: there is no GPU to load"
    if facts.host is not None and facts.host.apple_silicon and facts.host.virtual_machine:
        return "the GPU of a virtual machine is paravirtual: its speed says nothing"
    return None


def samples_line(what: str, seconds: Sequence[float]) -> str:
    """``"what: 12.1 11.9 12.0 ms"``."""
    shown = " ".join(f"{second * 1000:.3g}" for second in seconds[:MOST_SAMPLES])
    rest = f" … ({len(seconds)} samples)" if len(seconds) > MOST_SAMPLES else ""
    return f"{what}: {shown} ms{rest}"
