"""A Mac: from the kernel string, one call of sysctl, the IO registry and a few small tools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from m1doctor.collect.darwin.gpu import IOREG, SYSTEM_PROFILER, describe_gpu
from m1doctor.collect.files import exists
from m1doctor.collect.parse.kernel import parse_kernel
from m1doctor.collect.parse.pkgutil import parse_receipt_version
from m1doctor.collect.parse.ps import parse_ancestors, starting_shell
from m1doctor.collect.parse.sw_vers import parse_sw_vers
from m1doctor.collect.parse.sysctl import integer, parse_sysctl, text_of
from m1doctor.collect.parse.xcode_select import parse_developer_folder
from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.volumes import measure_volumes
from m1doctor.collect.world import World
from m1doctor.model.host import Gpu, Host
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown, not_applicable

# One call for all: an unknown name costs a line on standard error and the exit status, never the other values.
# Some names never turn up in a listing (hw.model), so each is asked for by itself.
SYSCTL = (
    "/usr/sbin/sysctl",
    "kern.osproductversion",
    "kern.osversion",
    "kern.hv_vmm_present",
    "hw.model",
    "hw.memsize",
    "hw.physicalcpu",
    "hw.optional.arm64",
    "hw.nperflevels",
    "hw.perflevel0.physicalcpu",
    "hw.perflevel1.physicalcpu",
    "hw.perflevel2.physicalcpu",
    "machdep.cpu.brand_string",
)
SW_VERS = ("/usr/bin/sw_vers",)
# The accounting name, not the path: ps would ask every process for that. An option a column, because a list after one
# `-o` with `=` in it is read in two ways by different systems.
PS = ("/bin/ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "flags=", "-o", "ucomm=")
XCODE_SELECT = ("/usr/bin/xcode-select", "-p")
PKGUTIL = ("/usr/sbin/pkgutil", "--pkg-info", "com.apple.pkg.CLTools_Executables")
SWAP_VOLUME = "/System/Volumes/VM"
_UNNAMED_CHIP = "Apple processor"
_NOT_LINUX = not_applicable("this is not Linux")


def describe_mac(world: World, environment: Path | None, *, deep: bool) -> Host:
    """Ask all probes side by side, and put their answers together."""
    kernel = parse_kernel(world.uname.version)
    apple_silicon = kernel[0] == "ARM64" if kernel else None
    commands = [SYSCTL, IOREG, XCODE_SELECT, PKGUTIL]
    if apple_silicon is not False:
        commands.append(PS)
    if deep:
        commands.append(SYSTEM_PROFILER)
    readings = {reading.argv: reading for reading in run_together(world, *commands)}
    sysctl = readings[SYSCTL]
    values = parse_sysctl(sysctl.stdout)
    if apple_silicon is None:
        apple_silicon = _arm64_of_sysctl(sysctl, values)
    facts: dict[str, Any] = {
        "apple_silicon": apple_silicon,
        "chip": _chip(values, kernel),
        "model": text_of(values, "hw.model"),
        "macos_version": text_of(values, "kern.osproductversion"),
        "macos_build": text_of(values, "kern.osversion"),
        "memory_bytes": _positive(integer(values, "hw.memsize")),
        "physical_cores": _positive(integer(values, "hw.physicalcpu")),
    }
    if facts["macos_version"] is None:
        fields = parse_sw_vers(world.run(SW_VERS).stdout)
        facts["macos_version"] = fields.get("ProductVersion")
        facts["macos_build"] = facts["macos_build"] or fields.get("BuildVersion")
    unknown = {name: why_not(sysctl, _WANTED[name]) for name, value in facts.items() if value is None}
    gpu = describe_gpu(readings[IOREG], readings.get(SYSTEM_PROFILER))
    virtual = _virtual_mac(values, kernel, gpu)
    if virtual is None:
        unknown["virtual_machine"] = why_not(sysctl, "kern.hv_vmm_present")
    process_translated = _own_translation(world, apple_silicon=apple_silicon)
    if process_translated is None:
        unknown["process_translated"] = Unknown("the kernel does not say whether it runs on Apple silicon")
    parent_translated = _shell_translation(world, readings.get(PS), unknown, apple_silicon=apple_silicon)
    tools = _command_line_tools(world, readings[XCODE_SELECT], readings[PKGUTIL], unknown)
    unknown["emulated_linux"] = unknown["distribution"] = _NOT_LINUX
    volumes = measure_volumes(world, swap=SWAP_VOLUME, environment=environment)
    if volumes is None:
        unknown["volumes"] = Unknown("no file system told its free room")
    return Host(
        system="Darwin",
        kernel=world.uname.version,
        process_machine=world.uname.machine,
        process_translated=process_translated,
        parent_translated=parent_translated,
        virtual_machine=virtual,
        performance_levels=_performance_levels(values),
        gpu=gpu,
        volumes=volumes,
        command_line_tools=tools,
        unknown=unknown,
        **facts,
    )


_WANTED = {
    "apple_silicon": "hw.optional.arm64",
    "chip": "machdep.cpu.brand_string",
    "model": "hw.model",
    "macos_version": "kern.osproductversion",
    "macos_build": "kern.osversion",
    "memory_bytes": "hw.memsize",
    "physical_cores": "hw.physicalcpu",
}


def _positive(value: int | None) -> int | None:
    return value if value is not None and value > 0 else None


def _arm64_of_sysctl(sysctl: Reading, values: Mapping[str, str]) -> bool | None:
    """For a kernel string of a form that we do not know: the name exists on Apple silicon only, translated or not."""
    if integer(values, "hw.optional.arm64") == 1:
        return True
    return False if values and "hw.optional.arm64" in sysctl.stderr else None


def _chip(values: Mapping[str, str], kernel: tuple[str, str | None] | None) -> str | None:
    brand = text_of(values, "machdep.cpu.brand_string")
    if brand != _UNNAMED_CHIP or kernel is None or kernel[1] is None:
        return brand
    from m1doctor.knowledge.chips import family_of_kernel  # noqa: PLC0415 - reads a data file, for Big Sur alone

    family = family_of_kernel(kernel[1])
    return family.name if family else brand


def _performance_levels(values: Mapping[str, str]) -> tuple[int, ...]:
    """Cores of each level, fastest first. Macs before macOS 12, and Intel Macs, have no such names: empty."""
    levels = integer(values, "hw.nperflevels") or 0
    cores = [_positive(integer(values, f"hw.perflevel{level}.physicalcpu")) for level in range(min(levels, 3))]
    return () if None in cores else tuple(count for count in cores if count)


def _virtual_mac(values: Mapping[str, str], kernel: tuple[str, str | None] | None, gpu: Gpu) -> bool | None:
    model, chip = values.get("hw.model", ""), values.get("machdep.cpu.brand_string", "")
    if (
        integer(values, "kern.hv_vmm_present") == 1
        or model.startswith(("VirtualMac", "VMware", "Parallels"))
        or chip.endswith("(Virtual)")
        or (kernel is not None and kernel[1] == "VMAPPLE")
        or "Paravirt" in (gpu.accelerator_class or "")
    ):
        return True
    return False if integer(values, "kern.hv_vmm_present") == 0 or model else None


def _own_translation(world: World, *, apple_silicon: bool | None) -> bool | None:
    """Whether this very process runs under Rosetta. Asked in-process: a child would answer for itself."""
    if apple_silicon is False:
        return False
    if apple_silicon and world.uname.machine == "x86_64":
        return True
    answer = world.sysctl_integer("sysctl.proc_translated")
    if answer is None:
        return False if apple_silicon else None
    return answer == 1


def _shell_translation(
    world: World, ps: Reading | None, unknown: dict[str, Unknown], *, apple_silicon: bool | None
) -> bool | None:
    """Whether the shell that we come from runs under Rosetta."""
    if ps is None:
        unknown["parent_translated"] = not_applicable("only Apple silicon translates")
        return None
    shell = starting_shell(parse_ancestors(ps.stdout, world.pid)) if ps.ok else None
    if shell is None:
        why = why_not(ps, "line for our own process") if ps.ok else why_not(ps, "process table")
        unknown["parent_translated"] = why
        return None
    if apple_silicon is None and not shell.translated:
        unknown["parent_translated"] = Unknown("the kernel does not say whether it runs on Apple silicon")
        return None
    return shell.translated


def _command_line_tools(
    world: World, xcode_select: Reading, pkgutil: Reading, unknown: dict[str, Unknown]
) -> str | None:
    """Version of the tools. Never by running one: the stubs in /usr/bin open a dialog where there are none."""
    folder = parse_developer_folder(xcode_select.stdout) if xcode_select.ok else None
    if folder is None and "unable to get active developer directory" not in xcode_select.stderr:
        unknown["command_line_tools"] = why_not(xcode_select, "developer folder")
        return None
    # After an upgrade of macOS the folder may still be the chosen one and be empty.
    if folder is None or not exists(world, f"{folder}/usr/bin/xcrun"):
        return ""
    if "/CommandLineTools" not in folder:
        return "Xcode"
    version = parse_receipt_version(pkgutil.stdout) if pkgutil.ok else None
    return version or "installed without a receipt"
