"""Renders what the tools of a Mac print, from numbers: the formats of real captures, the numbers our own."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from m1doctor.model.reading import Reading


def sysctl(argv: Sequence[str], values: Mapping[str, object]) -> Reading:
    """The answer to names of which the machine knows only those in `values`."""
    known = [f"{name}: {values[name]}" for name in argv[1:] if name in values]
    missing = [f"sysctl: unknown oid '{name}'" for name in argv[1:] if name not in values]
    return answer(argv, "\n".join(known), "\n".join(missing), 1 if missing else 0)


def answer(argv: Sequence[str], stdout: str = "", stderr: str = "", returncode: int = 0) -> Reading:
    """A reading, each stream with its final newline."""

    def ended(text: str) -> str:
        return text + "\n" if text and not text.endswith("\n") else text

    return Reading(argv=tuple(argv), returncode=returncode, stdout=ended(stdout), stderr=ended(stderr))


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Counts of one sample.

    Anonymous pages follow from them: file-backed + anonymous = active + inactive + speculative.
    """

    page_bytes: int = 16384
    free: int
    active: int
    inactive: int
    speculative: int
    wired: int
    compressor: int
    file_backed: int
    purgeable: int = 4000
    swapins: int = 0
    swapouts: int = 0

    @property
    def anonymous(self) -> int:
        """What the kernel's identity leaves."""
        return self.active + self.inactive + self.speculative - self.file_backed


def vm_stat(pages: Pages) -> str:
    """`vm_stat` without arguments."""
    lines = {
        "Pages free": pages.free,
        "Pages active": pages.active,
        "Pages inactive": pages.inactive,
        "Pages speculative": pages.speculative,
        "Pages throttled": 0,
        "Pages wired down": pages.wired,
        "Pages purgeable": pages.purgeable,
        '"Translation faults"': 912345678,
        "Pages copy-on-write": 31234567,
        "Pages zero filled": 612345678,
        "Pages reactivated": 2345678,
        "Pages purged": 3456789,
        "File-backed pages": pages.file_backed,
        "Anonymous pages": pages.anonymous,
        "Pages stored in compressor": pages.compressor * 3,
        "Pages occupied by compressor": pages.compressor,
        "Decompressions": 4567890,
        "Compressions": 7654321,
        "Pageins": 12345678,
        "Pageouts": 234567,
        "Swapins": pages.swapins,
        "Swapouts": pages.swapouts,
    }
    header = f"Mach Virtual Memory Statistics: (page size of {pages.page_bytes} bytes)\n"
    return header + "".join(f"{label + ':':<30} {number:>16}.\n" for label, number in lines.items())


def swapusage(total_mib: float, used_mib: float) -> str:
    """The value of `vm.swapusage`."""
    free = total_mib - used_mib
    return f"total = {total_mib:.2f}M  used = {used_mib:.2f}M  free = {free:.2f}M  (encrypted)"


def ioreg(*nodes: Mapping[str, Any]) -> str:
    """`ioreg -a`: nothing at all where no driver matches."""
    return plistlib.dumps(list(nodes)).decode() if nodes else ""


def apple_gpu(class_name: str, model: str, cores: int, resets: int = 0) -> dict[str, Any]:
    """The node of an Apple GPU; the model comes as data that ends in NUL, as the device tree holds it."""
    return {
        "IOObjectClass": class_name,
        "IOClass": class_name,
        "CFBundleIdentifier": f"com.apple.{class_name.replace('Accelerator', '')}",
        "model": model.encode() + b"\0",
        "gpu-core-count": cores,
        "PerformanceStatistics": {
            "Device Utilization %": 4,
            "Renderer Utilization %": 4,
            "Tiler Utilization %": 3,
            "In use system memory": 402653184,
            "In use system memory (driver)": 0,
            "Alloc system memory": 1610612736,
            "recoveryCount": resets,
        },
    }


def displays(model: str, cores: int, family: str) -> str:
    """`system_profiler -json SPDisplaysDataType` of an Apple GPU."""
    return (
        '{\n  "SPDisplaysDataType" : [\n    {\n'
        f'      "_name" : "{model}",\n      "spdisplays_mtlgpufamilysupport" : "{family}",\n'
        f'      "spdisplays_vendor" : "sppci_vendor_Apple",\n      "sppci_cores" : "{cores}",\n'
        f'      "sppci_device_type" : "spdisplays_gpu",\n      "sppci_model" : "{model}"\n    }}\n  ]\n}}\n'
    )


def pmset(low_power_mode: int | None) -> str:
    """`pmset -g`; a desktop of old has no low power mode."""
    lines = [" SleepDisabled\t\t0", "Currently in use:", " standby              1", " powernap             1"]
    if low_power_mode is not None:
        lines.append(f" lowpowermode         {low_power_mode}")
    return "\n".join(["System-wide power settings:", *lines, " womp                 1"])


def battery(source: str, percent: int | None, state: str = "discharging") -> str:
    """`pmset -g batt`."""
    lines = [f"Now drawing from '{source}'"]
    if percent is not None:
        lines.append(f" -InternalBattery-0 (id=12345678)\t{percent}%; {state}; 3:20 remaining present: true")
    return "\n".join(lines)


def thermal_limits(speed: int) -> str:
    """`pmset -g therm` of an Intel Mac."""
    return (
        "Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n"
        "2026-11-20 10:11:12 +0100 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 8\n"
        f"\tCPU_Speed_Limit \t= {speed}"
    )


def processes(pid: int, *, shell_translated: bool, own_translated: bool, launcher: str | None = None) -> str:
    """`ps -A`: terminal, login, shell, perhaps a tool between, and our own process. P_TRANSLATED is 0x20000."""

    def flags(*, translated: bool) -> str:
        return f"{0x4006 | (0x20000 if translated else 0):x}"

    native = flags(translated=False)
    lines = [
        f"    1     0     {flags(translated=False)} launchd",
        f"  501     1     {native} Terminal",
        f"  502   501     {native} login",
        f"  503   502     {flags(translated=shell_translated)} zsh",
    ]
    parent = 503
    if launcher is not None:
        lines.append(f"  504   503     {native} {launcher}")
        parent = 504
    lines.append(f" {pid}   {parent}     {flags(translated=own_translated)} python3.12")
    return "\n".join(lines)
