"""Writes the machines of this folder: `python tests/machines/build.py` renders every `*.json` from the numbers below.

Each machine is a recording: what its tools answered, its files, its free room, and, told as facts, its environment. The
numbers are ours and obey the kernel's own arithmetic; the formats are those of real machines.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

import msgspec  # noqa: E402 - after the path, as all that follows

from m1doctor.collect.darwin import gpu, host, memory, power  # noqa: E402
from m1doctor.knowledge.chips import chip  # noqa: E402
from m1doctor.model.interpreter import Vendor  # noqa: E402
from m1doctor.model.reading import Reading  # noqa: E402
from m1doctor.model.runtime import ChildEnd  # noqa: E402
from m1doctor.model.unknown import Unknown  # noqa: E402
from machines import environments_told as told  # noqa: E402
from machines import formats  # noqa: E402
from machines.formats import Pages  # noqa: E402

GIB = 2**30
PID = 4242


@dataclass(frozen=True, kw_only=True)
class Mac:
    """A Mac in numbers."""

    about: str
    model: str
    chip: str
    kernel: str
    release: str = "24.5.0"
    process_machine: str = "arm64"
    proc_translated: int | None = 0
    shell_translated: bool = False
    launcher: str | None = None
    macos: str = "15.5"
    build: str = "24F74"
    vmm: int = 0
    gib: int
    usable_share: float | None = 0.985
    levels: tuple[int, ...] = (4, 4)
    cores: int = 8
    gpu: dict[str, Any] | None = None
    gpu_cores: int = 8
    metal: str = "spdisplays_metal3"
    level: int | None = 1
    pages: Pages
    pages_later: Pages | None = None
    swap: tuple[float, float] = (0.0, 0.0)
    wired_limit: int | None = 0
    free_gb: float = 180.0
    disk_gb: float = 494.0
    low_power: int | None = 0
    source: str = "AC Power"
    battery: int | None = 88
    charging: str = "charging"
    thermal: int = 0
    tools: str | None = "16.4.0.0.1.1747106510"
    speed_limit: int | None = None
    target: told.Target = field(default_factory=told.Target)


def mac(spec: Mac) -> dict[str, Any]:
    """The recording of a Mac."""
    arm = spec.kernel.startswith("RELEASE_ARM64")
    values: dict[str, object] = {
        "kern.osproductversion": spec.macos,
        "kern.osversion": spec.build,
        "kern.hv_vmm_present": spec.vmm,
        "hw.model": spec.model,
        "hw.memsize": spec.gib * GIB,
        "hw.physicalcpu": spec.cores,
        "machdep.cpu.brand_string": spec.chip,
        "vm.swapusage": formats.swapusage(*spec.swap),
    }
    if arm:
        values["hw.optional.arm64"] = 1
    if spec.levels:
        values["hw.nperflevels"] = len(spec.levels)
        values |= {f"hw.perflevel{index}.physicalcpu": cores for index, cores in enumerate(spec.levels)}
    if spec.usable_share is not None:
        values["hw.memsize_usable"] = int(spec.gib * GIB * spec.usable_share) // 16384 * 16384
    if spec.level is not None:
        values[memory.LEVEL] = spec.level
    if spec.wired_limit is not None:
        values["iogpu.wired_limit_mb"] = spec.wired_limit
    return {
        "about": spec.about,
        "uname": {
            "sysname": "Darwin",
            "release": spec.release,
            "version": f"Darwin Kernel Version {spec.release}: root:xnu-11417.121.6~2/{spec.kernel}",
            "machine": spec.process_machine,
        },
        "pid": PID,
        "environ": {"HOME": "/Users/someone", "SHELL": "/bin/zsh", "VIRTUAL_ENV": told.VENV},
        "home": "/Users/someone",
        "cwd": "/Users/someone/tf",
        "sysctls": {} if spec.proc_translated is None else {"sysctl.proc_translated": spec.proc_translated},
        "volumes": _volumes(spec),
        "files": {} if spec.tools is None else {"Library/Developer/CommandLineTools/usr/bin/xcrun": ""},
        "readings": [plain(each) for each in _readings(spec, values, arm=arm)],
        "facts": facts(spec.target, _speed(spec)),
    }


def _speed(spec: Mac) -> float:
    """What a healthy GPU of that chip does: two thirds of its peak."""
    known = chip(spec.chip)
    return spec.gpu_cores * 256 * (known.gpu_clock_hz if known else 1.5e9) * 2 / 3


def _volumes(spec: Mac) -> dict[str, list[int]]:
    # The volumes of an APFS container share its room.
    room = [int(spec.disk_gb * 10**9), int(spec.free_gb * 10**9)]
    return {"/System/Volumes/VM": room, "/Users/someone": room, told.VENV: room}


def _readings(spec: Mac, values: dict[str, object], *, arm: bool) -> list[Reading]:
    node = spec.gpu
    own_translated = arm and spec.process_machine == "x86_64"
    found = [
        formats.sysctl(host.SYSCTL, values),
        formats.sysctl(memory.SYSCTL, values),
        formats.answer(memory.VM_STAT, formats.vm_stat(spec.pages)),
        formats.answer(gpu.IOREG, formats.ioreg(*([node] if node else []))),
        formats.answer(power.PMSET, formats.pmset(spec.low_power)),
        formats.answer(power.PMSET_BATTERY, formats.battery(spec.source, spec.battery, spec.charging)),
        formats.answer(power.NOTIFYUTIL, f"com.apple.system.thermalpressurelevel {spec.thermal}"),
        _xcode_select(spec),
        _pkgutil(spec),
    ]
    if spec.pages_later is not None:
        found.append(formats.answer(memory.VM_STAT, formats.vm_stat(spec.pages_later)))
    if arm:
        table = formats.processes(
            PID, shell_translated=spec.shell_translated, own_translated=own_translated, launcher=spec.launcher
        )
        found.append(formats.answer(host.PS, table))
        shown = formats.displays(spec.chip, spec.gpu_cores, spec.metal)
    else:
        found.append(formats.answer(power.PMSET_THERMAL, formats.thermal_limits(spec.speed_limit or 100)))
        shown = '{"SPDisplaysDataType": [{"sppci_model": "Intel Iris Plus Graphics", "spdisplays_mtlgpufamilysupport": "spdisplays_metal3"}]}'  # noqa: E501 - one document
    found.append(formats.answer(gpu.SYSTEM_PROFILER, '{"SPDisplaysDataType": []}' if spec.vmm else shown))
    return found


def _xcode_select(spec: Mac) -> Reading:
    if spec.tools is not None:
        return formats.answer(host.XCODE_SELECT, "/Library/Developer/CommandLineTools")
    said = "xcode-select: error: unable to get active developer directory, use `sudo xcode-select --switch`"
    return formats.answer(host.XCODE_SELECT, "", said, 2)


def _pkgutil(spec: Mac) -> Reading:
    if spec.tools is None:
        return formats.answer(host.PKGUTIL, "No receipt for 'com.apple.pkg.CLTools_Executables' found at '/'.", "", 1)
    text = f"package-id: com.apple.pkg.CLTools_Executables\nversion: {spec.tools}\nvolume: /\nlocation: /\n"
    return formats.answer(host.PKGUTIL, text)


@dataclass(frozen=True, kw_only=True)
class Linux:
    """A Linux machine in numbers."""

    about: str
    machine: str
    cpuinfo: str
    files: dict[str, str] = field(default_factory=dict)
    gib: int = 16
    stall: float = 0.0
    swap_gib: int = 2
    target: told.Target = field(
        default_factory=lambda: told.Target(
            system="Linux", machine="x86_64", metal=None, slices=("x86_64",), translated=None, gpu=False
        )
    )


def linux(spec: Linux) -> dict[str, Any]:
    """The recording of a Linux machine: files, and no command at all."""
    kib = spec.gib * 2**20
    room = [250 * 10**9, 90 * 10**9]
    files = {
        "proc/cpuinfo": spec.cpuinfo,
        "proc/meminfo": f"MemTotal:       {kib} kB\nMemFree:        {kib // 4} kB\nMemAvailable:   {kib // 2} kB\n"
        f"SwapTotal:      {spec.swap_gib * 2**20} kB\nSwapFree:       {spec.swap_gib * 2**20} kB\n",
        "proc/vmstat": "nr_free_pages 123456\npgpgin 900000\npgpgout 800000\npswpin 0\npswpout 0\n",
        "proc/pressure/memory": f"some avg10={spec.stall:.2f} avg60=0.00 avg300=0.00 total=0\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
        "etc/os-release": 'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\n',
        **spec.files,
    }
    return {
        "about": spec.about,
        "uname": {
            "sysname": "Linux",
            "release": "6.8.0-57-generic",
            "version": "#59-Ubuntu SMP PREEMPT_DYNAMIC",
            "machine": spec.machine,
        },
        "pid": PID,
        "environ": {"HOME": "/Users/someone", "SHELL": "/bin/bash"},
        "home": "/Users/someone",
        "cwd": "/Users/someone/tf",
        "sysctls": {},
        "volumes": {"/Users/someone": room, told.VENV: room},
        "files": files,
        "readings": [],
        "facts": facts(spec.target),
    }


def facts(target: told.Target, speed: float = 0.0) -> dict[str, Any]:
    """The sections that are told, without what is at its default."""
    sections: dict[str, Any] = {"unknown": {}}
    for name, value in (
        ("interpreter", told.interpreter(target)),
        ("packages", told.packages(target)),
        ("plugins", told.plugins(target)),
        ("runtime", told.runtime(target)),
        ("correctness", told.correctness(target)),
        ("bench", told.bench(target, speed)),
    ):
        if isinstance(value, Unknown):
            sections["unknown"][name] = plain(value)
        else:
            sections[name] = plain(value)
    return sections


def plain(value: Any) -> Any:
    """Builtins of a dataclass, a field at its default left out."""
    if not dataclasses.is_dataclass(value):
        if isinstance(value, tuple | list):
            return [plain(each) for each in value]
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        return msgspec.to_builtins(value)
    kept = {}
    for each in dataclasses.fields(value):
        content = getattr(value, each.name)
        default = each.default_factory() if each.default_factory is not dataclasses.MISSING else each.default
        if content != default:
            kept[each.name] = plain(content)
    return kept


def sample(gib: int, **counts: float) -> Pages:
    """A sample of a machine of `gib`, its counts told as shares of memory; what the firmware keeps is missing."""
    total = gib * GIB // 16384

    def pages(name: str, share: float) -> int:
        return int(total * counts.get(name, share))

    return Pages(
        free=pages("free", 0.02),
        active=pages("active", 0.36),
        inactive=pages("inactive", 0.35),
        speculative=pages("speculative", 0.01),
        wired=pages("wired", 0.12),
        compressor=pages("compressor", 0.08),
        file_backed=pages("file_backed", 0.30),
        purgeable=pages("purgeable", 0.01),
        swapins=int(counts.get("swapins", 0)),
        swapouts=int(counts.get("swapouts", 0)),
    )


M1 = {"model": "MacBookAir10,1", "chip": "Apple M1", "kernel": "RELEASE_ARM64_T8103", "gib": 8}
M1_GPU = formats.apple_gpu("AGXAcceleratorG13G_B0", "Apple M1", 8)
STRAINED = {"free": 0.005, "active": 0.20, "inactive": 0.19, "speculative": 0.002, "wired": 0.14}
BUSY = {**STRAINED, "file_backed": 0.08}
MISMATCH = (
    "dlopen(/Users/someone/tf/.venv/lib/python3.11/site-packages/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): "
    "Library not loaded: @rpath/_pywrap_tensorflow_internal.so"
)
CPU_TARGET = told.Target(gpu=False)
ARM_CPU = (
    "processor\t: {0}\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics\n"
    "CPU implementer\t: {1}\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0x000\nCPU revision\t: 0\n\n"
)
X86_CPU = (
    "processor\t: {0}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\n"
    "model name\t: Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz\nphysical id\t: 0\ncore id\t\t: {0}\n"
    "flags\t\t: fpu vme de pse tsc msr sse sse2 ssse3 sse4_1 sse4_2 avx avx2\n\n"
)

MACHINES: dict[str, dict[str, Any]] = {
    "healthy-m1-8gb": mac(
        Mac(
            about="MacBook Air M1, 8 GB, macOS 14, a pair that works",
            **M1,
            gpu=M1_GPU,
            macos="14.7.6",
            build="23H626",
            release="23.6.0",
            pages=sample(8),
            target=told.Target(macos="14.7.6"),
        )
    ),
    "healthy-m2-pro": mac(
        Mac(
            about="Mac mini M2 Pro, 32 GB, macOS 15, no battery, started by uv",
            model="Mac14,12",
            chip="Apple M2 Pro",
            kernel="RELEASE_ARM64_T6020",
            gib=32,
            levels=(6, 4),
            cores=10,
            gpu_cores=16,
            launcher="uv",
            gpu=formats.apple_gpu("AGXAcceleratorG14S", "Apple M2 Pro", 16),
            battery=None,
            pages=sample(32, compressor=0.02),
            swap=(1024.0, 12.5),
        )
    ),
    "healthy-m4-max": mac(
        Mac(
            about="MacBook Pro M4 Max, 64 GB, macOS 15, high power mode",
            model="Mac16,5",
            chip="Apple M4 Max",
            kernel="RELEASE_ARM64_T6041",
            gib=64,
            levels=(12, 4),
            cores=16,
            gpu_cores=40,
            gpu=formats.apple_gpu("AGXAcceleratorG16X", "Apple M4 Max", 40),
            pages=sample(64, compressor=0.01),
        )
    ),
    "healthy-m5-max": mac(
        Mac(
            about="MacBook Pro M5 Max, 128 GB, macOS 26: cores called super and performance",
            model="Mac17,6",
            chip="Apple M5 Max",
            kernel="RELEASE_ARM64_T6050",
            gib=128,
            levels=(6, 12),
            cores=18,
            gpu_cores=40,
            metal="spdisplays_metal4",
            macos="26.4",
            build="25E241",
            release="25.4.0",
            gpu=formats.apple_gpu("AGXAcceleratorG17X", "Apple M5 Max", 40),
            pages=sample(128, compressor=0.0),
            target=told.Target(macos="26.4"),
        )
    ),
    "intel-mac": mac(
        Mac(
            about="Intel MacBook Pro, 16 GB, macOS 13",
            model="MacBookPro16,2",
            kernel="RELEASE_X86_64",
            gib=16,
            chip="Intel(R) Core(TM) i7-1068NG7 CPU @ 2.30GHz",
            process_machine="x86_64",
            proc_translated=None,
            levels=(),
            cores=4,
            usable_share=None,
            wired_limit=None,
            macos="13.7.6",
            build="22H625",
            release="22.6.0",
            gpu={"IOObjectClass": "IntelAccelerator", "IOClass": "IntelAccelerator", "PerformanceStatistics": {}},
            pages=dataclasses.replace(
                sample(16),
                page_bytes=4096,
                free=30000,
                active=1502000,
                inactive=1499000,
                speculative=12000,
                wired=763000,
                compressor=386000,
                file_backed=1183000,
            ),
            target=told.Target(
                tensorflow="2.16.2",
                metal=None,
                machine="x86_64",
                slices=("x86_64",),
                macos="13.7.6",
                wheel_macos="10_15",
                numpy_wheel_macos="10_9",
                gpu=False,
            ),
        )
    ),
    "rosetta-shell": mac(
        Mac(
            about="MacBook Pro M1 Pro, everything started from a translated terminal with an Intel-only Python",
            model="MacBookPro18,3",
            chip="Apple M1 Pro",
            kernel="RELEASE_ARM64_T6000",
            gib=16,
            levels=(6, 2),
            gpu_cores=14,
            gpu=formats.apple_gpu("AGXAcceleratorG13X", "Apple M1 Pro", 14),
            process_machine="x86_64",
            proc_translated=1,
            shell_translated=True,
            pages=sample(16),
            target=told.Target(
                machine="x86_64",
                slices=("arm64", "x86_64"),
                translated=True,
                metal=None,
                tensorflow="2.16.2",
                wheel_macos="10_15",
                numpy_wheel_macos="10_9",
                vendor=Vendor.PYTHON_ORG,
                end=ChildEnd.DIED,
                signal="SIGABRT",
                last_lines=(
                    (
                        "The TensorFlow library was compiled to use AVX instructions, but these aren't available "
                        "on your machine."
                    ),
                ),
            ),
        )
    ),
    "translated-shell-native-python": mac(
        Mac(
            about="Mac mini M2 Pro: the shell is translated, the arm64-only Python is not",
            model="Mac14,12",
            chip="Apple M2 Pro",
            kernel="RELEASE_ARM64_T6020",
            gib=32,
            levels=(6, 4),
            cores=10,
            gpu_cores=16,
            gpu=formats.apple_gpu("AGXAcceleratorG14S", "Apple M2 Pro", 16),
            shell_translated=True,
            battery=None,
            pages=sample(32, compressor=0.02),
        )
    ),
    "near-pressure": mac(
        Mac(
            about="MacBook Pro M4, 24 GB: level normal, swap nearly full, close to the kernel's line",
            model="Mac16,1",
            chip="Apple M4",
            kernel="RELEASE_ARM64_T8132",
            gib=24,
            levels=(4, 6),
            cores=10,
            gpu_cores=10,
            gpu=formats.apple_gpu("AGXAcceleratorG16G", "Apple M4", 10),
            pages=sample(24, **BUSY, compressor=0.32, swapins=900000, swapouts=1400000),
            swap=(12800.0, 11947.5),
        )
    ),
    "swapping-8gb-warn": mac(
        Mac(
            about="MacBook Air M1, 8 GB, level 2, swapping while we look",
            **M1,
            gpu=M1_GPU,
            level=2,
            pages=sample(8, **BUSY, compressor=0.42, swapins=700000, swapouts=990000),
            pages_later=sample(8, **BUSY, compressor=0.42, swapins=701200, swapouts=994000),
            swap=(5120.0, 4410.25),
        )
    ),
    "swapping-8gb-critical": mac(
        Mac(
            about="MacBook Air M1, 8 GB, level 4",
            **M1,
            gpu=M1_GPU,
            level=4,
            free_gb=21.0,
            pages=sample(
                8,
                free=0.003,
                active=0.12,
                inactive=0.11,
                speculative=0.001,
                wired=0.18,
                compressor=0.53,
                file_backed=0.04,
                swapins=2700000,
                swapouts=3990000,
            ),
            swap=(9216.0, 8801.0),
        )
    ),
    "sandboxed-pressure": mac(
        Mac(
            about="MacBook Air M1, 8 GB: a sandbox hides the level, the counters tell it",
            **M1,
            gpu=M1_GPU,
            level=None,
            pages=sample(8, **BUSY, compressor=0.46, swapins=700000, swapouts=990000),
            swap=(5120.0, 4410.25),
        )
    ),
    "gha-vm": mac(
        Mac(
            about="GitHub Actions runner for macOS 15 on arm64",
            model="VirtualMac2,1",
            chip="Apple M1 (Virtual)",
            kernel="RELEASE_ARM64_VMAPPLE",
            gib=7,
            levels=(3,),
            cores=3,
            vmm=1,
            usable_share=None,
            wired_limit=None,
            gpu={
                "IOObjectClass": "AppleParavirtGPU",
                "IOClass": "AppleParavirtGPU",
                "PerformanceStatistics": {"In use system memory": 50103936, "recoveryCount": 0},
            },
            battery=None,
            pages=sample(7, compressor=0.0),
            low_power=None,
            target=told.Target(gpu=True),
        )
    ),
    "low-power-hot": mac(
        Mac(
            about="MacBook Air M2 on battery, low power mode, heavy thermal pressure",
            model="Mac14,2",
            chip="Apple M2",
            kernel="RELEASE_ARM64_T8112",
            gib=16,
            gpu_cores=10,
            gpu=formats.apple_gpu("AGXAcceleratorG14G", "Apple M2", 10),
            low_power=1,
            source="Battery Power",
            battery=31,
            charging="discharging",
            thermal=2,
            pages=sample(16),
        )
    ),
    "disk-nearly-full": mac(
        Mac(
            about="MacBook Air M1, 256 GB of which 1.9 are free",
            **M1,
            gpu=M1_GPU,
            disk_gb=245.1,
            free_gb=1.9,
            pages=sample(8),
        )
    ),
    "wired-limit-risky": mac(
        Mac(
            about="MacBook Pro M3 Pro, 36 GB, of which the GPU may wire 35",
            model="Mac15,7",
            chip="Apple M3 Pro",
            kernel="RELEASE_ARM64_T6030",
            gib=36,
            levels=(6, 6),
            cores=12,
            gpu_cores=18,
            wired_limit=35840,
            gpu=formats.apple_gpu("AGXAcceleratorG15S", "Apple M3 Pro", 18),
            pages=sample(36, compressor=0.01),
        )
    ),
    "nothing-installed": mac(
        Mac(
            about="A new MacBook Air M2: no developer tools, an empty environment",
            model="Mac14,2",
            chip="Apple M2",
            kernel="RELEASE_ARM64_T8112",
            gib=8,
            gpu_cores=8,
            gpu=formats.apple_gpu("AGXAcceleratorG14G", "Apple M2", 8),
            tools=None,
            pages=sample(8, compressor=0.0),
            target=told.Target(tensorflow=None, metal=None, end=ChildEnd.RAISED),
        )
    ),
    "metal-mismatch": mac(
        Mac(
            about="Mac mini M2 Pro: tensorflow-metal 1.2.0 with TensorFlow 2.20.0",
            model="Mac14,12",
            chip="Apple M2 Pro",
            kernel="RELEASE_ARM64_T6020",
            gib=32,
            levels=(6, 4),
            cores=10,
            gpu_cores=16,
            battery=None,
            gpu=formats.apple_gpu("AGXAcceleratorG14S", "Apple M2 Pro", 16),
            pages=sample(32, compressor=0.02),
            target=told.Target(tensorflow="2.20.0", dyld=MISMATCH, end=ChildEnd.RAISED, last_lines=(MISMATCH,)),
        )
    ),
    "macos-too-old": mac(
        Mac(
            about="MacBook Air M1 that never left Big Sur, with an environment from another Mac",
            **M1 | {"chip": "Apple processor"},
            gpu=M1_GPU,
            macos="11.7.10",
            build="20G1427",
            release="20.6.0",
            levels=(),
            usable_share=None,
            wired_limit=None,
            low_power=None,
            metal="spdisplays_supported",
            pages=sample(8),
            target=told.Target(
                macos="11.7.10",
                gpu=False,
                end=ChildEnd.RAISED,
                raised=(
                    "dlopen(…/tensorflow/libtensorflow_cc.2.dylib, 0x0006): Symbol not found: "
                    "_OBJC_CLASS_$_MTLHeapDescriptor"
                ),
            ),
        )
    ),
    "linux-x86_64": linux(
        Linux(
            about="A PC with Ubuntu",
            machine="x86_64",
            cpuinfo="".join(X86_CPU.format(core) for core in range(6)),
            files={"sys/class/dmi/id/sys_vendor": "ASUS\n", "sys/class/dmi/id/product_name": "System Product Name\n"},
        )
    ),
    "linux-aarch64": linux(
        Linux(
            about="A linux/arm64 container on a Mac, Rosetta at hand but not in use",
            machine="aarch64",
            cpuinfo="".join(ARM_CPU.format(core, "0x61") for core in range(4)),
            files={"proc/sys/fs/binfmt_misc/rosetta": "enabled\ninterpreter /run/rosetta/rosetta\n"},
            target=told.Target(system="Linux", machine="aarch64", metal=None, slices=("aarch64",), gpu=False),
        )
    ),
    "emulated-linux": linux(
        Linux(
            about="A linux/amd64 container on Apple silicon, by Rosetta",
            machine="x86_64",
            cpuinfo="".join(ARM_CPU.format(core, "0x61") for core in range(4)),
            files={"proc/self/cmdline": "/run/rosetta/rosetta\0/usr/bin/python3\0m1doctor\0"},
            target=told.Target(
                system="Linux",
                machine="x86_64",
                metal=None,
                slices=("x86_64",),
                gpu=False,
                end=ChildEnd.DIED,
                signal="SIGILL",
            ),
        )
    ),
    "emulated-linux-qemu": linux(
        Linux(
            about="A linux/amd64 container on an M1, by QEMU: the processor does not say whose it is",
            machine="x86_64",
            cpuinfo="".join(ARM_CPU.format(core, "0x00") for core in range(4)),
            target=told.Target(
                system="Linux",
                machine="x86_64",
                metal=None,
                slices=("x86_64",),
                gpu=False,
                end=ChildEnd.DIED,
                signal="SIGILL",
            ),
        )
    ),
    "linux-out-of-memory": linux(
        Linux(
            about="A PC whose tasks wait for memory a third of the time",
            machine="x86_64",
            stall=33.0,
            cpuinfo="".join(X86_CPU.format(core) for core in range(6)),
        )
    ),
}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every machine, and return the files."""
    written = []
    for name, machine in MACHINES.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(machine, indent=1, ensure_ascii=False) + "\n")
        written.append(path)
    return written


if __name__ == "__main__":
    for path in write():
        print(path.name)  # noqa: T201 - a script says what it wrote
