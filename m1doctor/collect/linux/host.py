"""A Linux machine: from the files of the kernel and of the distribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from m1doctor.collect.files import exists, read_text
from m1doctor.collect.linux.emulation import emulation_traces
from m1doctor.collect.parse.cpuinfo import CpuInfo, parse_cpuinfo
from m1doctor.collect.parse.meminfo import parse_meminfo
from m1doctor.collect.parse.os_release import parse_pretty_name
from m1doctor.collect.volumes import measure_volumes
from m1doctor.collect.world import World
from m1doctor.model.host import Host
from m1doctor.model.unknown import Unknown, not_applicable

_NOT_DARWIN = not_applicable("this is not macOS")


def describe_linux(world: World, environment: Path | None) -> Host:
    """Read what the kernel and the distribution write down; no command is run."""
    unknown: dict[str, Unknown] = dict.fromkeys(
        ("apple_silicon", "process_translated", "parent_translated", "macos_version", "macos_build"), _NOT_DARWIN
    )
    unknown["gpu"] = unknown["command_line_tools"] = _NOT_DARWIN
    cpuinfo_text = read_text(world, "proc/cpuinfo")
    cpu = parse_cpuinfo(cpuinfo_text) if cpuinfo_text else None
    traces = emulation_traces(world, cpu) if world.uname.machine == "x86_64" else ()
    memory = parse_meminfo(read_text(world, "proc/meminfo") or "").get("MemTotal")
    distribution = parse_pretty_name(read_text(world, "etc/os-release") or "")
    facts: dict[str, Any] = {
        "chip": _linux_chip(cpu),
        "model": _dmi(world, "product_name"),
        "distribution": distribution,
        "memory_bytes": memory or None,
        "physical_cores": cpu.physical_cores if cpu else None,
        "virtual_machine": _virtual_linux(world, cpu),
    }
    sources = {
        "chip": "/proc/cpuinfo names no processor",
        "model": "/sys/class/dmi/id/product_name says nothing",
        "distribution": "/etc/os-release names no distribution",
        "memory_bytes": "/proc/meminfo tells no MemTotal",
        "physical_cores": "/proc/cpuinfo tells no cores",
        "virtual_machine": "neither the processor's flags nor the firmware tell",
    }
    unknown |= {name: Unknown(sources[name]) for name, value in facts.items() if value is None}
    # Swap files of Linux have their room before they are used, so there is no swap volume to watch.
    volumes = measure_volumes(world, swap=None, environment=environment)
    if volumes is None:
        unknown["volumes"] = Unknown("no file system told its free room")
    return Host(
        system=world.uname.sysname,
        kernel=world.uname.version,
        process_machine=world.uname.machine,
        emulated_linux=bool(traces),
        emulation_traces=traces,
        volumes=volumes,
        unknown=unknown,
        **facts,
    )


def _linux_chip(cpu: CpuInfo | None) -> str | None:
    if cpu is None:
        return None
    if cpu.model_name is None and cpu.arm_implementer == _APPLE_IMPLEMENTER:
        return "Apple silicon"
    return cpu.model_name


_APPLE_IMPLEMENTER = 0x61


def _dmi(world: World, name: str) -> str | None:
    text = read_text(world, f"sys/class/dmi/id/{name}")
    return text.strip() or None if text else None


# What the firmware of the common virtual machines calls itself, in /sys/class/dmi/id.
_VIRTUAL_MAKERS = (
    "QEMU",
    "KVM",
    "VMware",
    "VirtualBox",
    "innotek",
    "Xen",
    "Bochs",
    "Parallels",
    "Apple Virtualization",
    "Amazon EC2",
    "Google Compute Engine",
    "Virtual Machine",
)


def _virtual_linux(world: World, cpu: CpuInfo | None) -> bool | None:
    firmware = f"{_dmi(world, 'sys_vendor') or ''} {_dmi(world, 'product_name') or ''}"
    if any(maker in firmware for maker in _VIRTUAL_MAKERS) or (cpu is not None and cpu.hypervisor):
        return True
    if exists(world, "sys/hypervisor/type") or exists(world, "proc/device-tree/hypervisor"):
        return True
    # Without firmware tables (a container's view, an ARM board) only x86's own flag can say no.
    return False if cpu is not None and cpu.hypervisor is False else None
