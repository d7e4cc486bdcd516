"""Reads `/proc/cpuinfo` of Linux.

The kernel writes it, so under emulation it may describe the machine (ARM) and not the architecture that the process is
told (x86_64): that difference is what gives the emulation away.
"""

from __future__ import annotations

import re

from m1doctor.model.record import record

_LINE = re.compile(r"^([A-Za-z][A-Za-z _]*?)\s*: ?(.*?)\s*$", re.MULTILINE)
_IDS = re.compile(r"^(physical id|core id)\s*: (\d{1,9})$", re.MULTILINE)


@record(frozen=True, slots=True)
class CpuInfo:
    """The first processor, and how many physical cores there are."""

    model_name: str | None
    vendor: str | None
    """`vendor_id` of an x86 kernel."""
    arm_implementer: int | None
    """`CPU implementer` of an ARM kernel: 0x61 is Apple; `None` on other architectures."""
    hypervisor: bool | None
    """Whether an x86 processor carries the `hypervisor` flag; `None` where there are no x86 flags."""
    physical_cores: int | None


def parse_cpuinfo(text: str) -> CpuInfo | None:
    """Read the file; `None` where it holds no processor."""
    first: dict[str, str] = {}
    for name, value in _LINE.findall(text):
        first.setdefault(name, value)
    if "processor" not in first:
        return None
    flags = first.get("flags")
    implementer = re.fullmatch(r"0x([0-9a-fA-F]{1,4})", first.get("CPU implementer", ""))
    # A core is a pair of socket and number; hyper-threads share one. ARM kernels print neither.
    pairs = {tuple(sorted(_IDS.findall(block))) for block in text.split("\n\n")} - {()}
    return CpuInfo(
        model_name=first.get("model name") or None,
        vendor=first.get("vendor_id") or None,
        arm_implementer=int(implementer[1], 16) if implementer else None,
        hypervisor="hypervisor" in flags.split() if flags else None,
        physical_cores=len(pairs) or None,
    )
