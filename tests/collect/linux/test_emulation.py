"""An amd64 userland on Apple silicon, and all that must not be taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.host import collect_host
from m1doctor.collect.linux.emulation import emulation_traces
from m1doctor.collect.parse.cpuinfo import parse_cpuinfo
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from machines import build, loading

X86 = build.X86_CPU.format(0)
ARM = build.ARM_CPU


def world(root: Path, machine: str = "x86_64", **files: str) -> RecordedWorld:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return RecordedWorld(uname=Uname("Linux", "6.10.14-linuxkit", "#1 SMP", machine), root=root, commands_fail=True)


@pytest.mark.parametrize(
    "files",
    [
        {"proc__cpuinfo": ARM.format(0, "0x61")},
        {"proc__cpuinfo": ARM.format(0, "0x00")},
        {"proc__cpuinfo": X86.replace("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", "VirtualApple @ 2.50GHz")},
        {"proc__cpuinfo": X86.replace("GenuineIntel", "VirtualApple")},
        {"proc__cpuinfo": X86, "proc__sys__fs__binfmt_misc__rosetta": "enabled\n"},
        {"proc__cpuinfo": X86, "proc__self__cmdline": "/run/rosetta/rosetta\0/usr/bin/python3\0"},
        {"proc__cpuinfo": X86, "proc__1__cmdline": "/run/rosetta/rosetta\0/bin/sh\0"},
        {"proc__self__cmdline": "/run/rosetta/rosetta\0/usr/bin/python3\0"},
    ],
)
def test_each_trace_is_enough(files: dict[str, str], tmp_path: Path) -> None:
    host = collect_host(world(tmp_path, **files))
    assert host.emulated_linux is True
    assert len(host.emulation_traces) == 1


def test_the_program_that_a_process_runs_is_a_trace_too(tmp_path: Path) -> None:
    here = world(tmp_path, proc__cpuinfo=X86)
    (tmp_path / "proc/self").mkdir()
    (tmp_path / "proc/self/exe").symlink_to("/run/rosetta/rosetta")
    assert emulation_traces(here, parse_cpuinfo(X86)) == ("/proc/self runs /run/rosetta/rosetta",)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc__cpuinfo": X86},
        {"proc__cpuinfo": X86, "proc__1__cmdline": "/sbin/init\0"},
        {"proc__cpuinfo": X86, "proc__self__cmdline": "/home/rosetta/bin/python\0"},
        {"proc__cpuinfo": X86, "proc__sys__fs__binfmt_misc__qemu-aarch64": "enabled\n"},
        {"proc__cpuinfo": ARM.format(0, "0x41")},
    ],
)
def test_an_ordinary_machine_leaves_no_trace(files: dict[str, str], tmp_path: Path) -> None:
    host = collect_host(world(tmp_path, **files))
    assert host.emulated_linux is False
    assert host.emulation_traces == ()


def test_a_native_arm_container_with_rosetta_at_hand_is_not_emulated(tmp_path: Path) -> None:
    host = loading.load("linux-aarch64", tmp_path).facts().host
    assert host is not None
    assert host.emulated_linux is False
    assert host.chip == "Apple silicon"
