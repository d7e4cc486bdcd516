"""The peak of a chip's GPU: cores x ALUs of a core x 2 operations x clock, from what the machine itself says."""

from __future__ import annotations

from m1doctor.knowledge.chips import alus_per_core, chip
from m1doctor.model.facts import Facts
from m1doctor.model.record import record

_OPERATIONS = 2
"""A multiplication and an addition in one step."""


@record(frozen=True, slots=True, kw_only=True)
class Peak:
    """A derived peak of float32; of float16 it is the same on the chips that are known."""

    flops_per_second: float
    cores: int
    clock_hz: float
    source: str
    """Where the clock comes from."""


def peak_of(facts: Facts) -> Peak | str:
    """The peak of this machine's GPU, or why it is not known."""
    host = facts.host
    if host is None or host.apple_silicon is not True:
        return "this is no Apple GPU"
    if host.virtual_machine:
        return "a virtual machine has a paravirtual GPU"
    known = chip(host.chip or "")
    cores = host.gpu.cores if host.gpu else None
    if cores is None:
        return "the number of GPU cores is not known"
    read = facts.bench.load.gpu_clock_hz if facts.bench and facts.bench.load else None
    if read is not None:
        clock, source = read, "clock read on this machine"
    elif known is not None and known.gpu_clock_hz is not None:
        clock, source = known.gpu_clock_hz, f"clock of an {known.name} from m1doctor's table"
    else:
        return f"{host.chip or 'the chip'} is unknown, and the machine does not tell its clock"
    return Peak(
        flops_per_second=cores * alus_per_core() * _OPERATIONS * clock, cores=cores, clock_hz=clock, source=source
    )
