"""Traces of an amd64 Linux userland that runs by emulation on Apple silicon.

The kernel of the virtual machine is an ARM kernel, but the process is told ``x86_64``. What the emulator does not fake
gives it away. None of these traces is there on a machine whose processor really is x86.
"""

from __future__ import annotations

from m1doctor.collect.files import exists, read_link, read_text
from m1doctor.collect.parse.cpuinfo import CpuInfo
from m1doctor.collect.world import World

# The implementer that the processor reports: Apple, or 0 as Apple's Virtualization framework answered on M1 and M2.
_APPLE_IMPLEMENTERS = frozenset({0x00, 0x61})
_ROSETTA_CPU = "VirtualApple"
"""What Rosetta answers to CPUID, as vendor and in the brand string."""


def emulation_traces(world: World, cpu: CpuInfo | None) -> tuple[str, ...]:
    """What gives the emulation away, a clause each; empty on a machine that is what it says.

    Only a process that is told ``x86_64`` can be emulated in this sense: do not ask for another.
    """
    traces: list[str] = []
    if cpu is not None:
        if cpu.arm_implementer in _APPLE_IMPLEMENTERS:
            traces.append(f"/proc/cpuinfo describes an ARM processor (CPU implementer {cpu.arm_implementer:#04x})")
        names = (cpu.vendor, cpu.model_name)
        traces += [f"/proc/cpuinfo names {name}" for name in names if name is not None and _ROSETTA_CPU in name]
    if exists(world, "proc/sys/fs/binfmt_misc/rosetta"):
        traces.append("the kernel starts x86_64 programs through Rosetta (/proc/sys/fs/binfmt_misc/rosetta)")
    for process in ("self", "1"):
        target = read_link(world, f"proc/{process}/exe") or ""
        command = (read_text(world, f"proc/{process}/cmdline") or "").partition("\0")[0]
        if _is_rosetta(target) or _is_rosetta(command):
            traces.append(f"/proc/{process} runs {target if _is_rosetta(target) else command}")
            break
    return tuple(traces)


def _is_rosetta(path: str) -> bool:
    return path.endswith("/rosetta") and path.startswith("/")
