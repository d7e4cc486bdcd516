"""Which architecture a process of the target has, derived from its executable and the machine.

Never asked of a child: a child of ours would answer for our own translation.
"""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.disk import Disk
from m1doctor.collect.native_file import NativeFileError, inspect_native
from m1doctor.model.host import Host
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown, not_applicable

SYSTEMS = {"mach-o": "Darwin", "elf": "Linux"}


@record(frozen=True, slots=True, kw_only=True)
class Executable:
    """What the file of an interpreter is."""

    system: str | None
    slices: tuple[str, ...] | None
    sdk: str | None = None
    """macOS SDK that it was linked with."""
    fault: str | None = None
    """Why it could not be read, in a clause."""


@record(frozen=True, slots=True, kw_only=True)
class Process:
    """What a process started from it would be."""

    machine: str | None
    translated: bool | None
    unknown: Unknown | None = None
    """Why `translated` is `None`."""


def read_executable(disk: Disk, path: str | None) -> Executable:
    """Read the system and the architectures of the executable at `path`."""
    if path is None:
        return Executable(system=None, slices=None, fault="there is no interpreter to look at")
    try:
        native = inspect_native(Path(disk.on_disk(path)))
    except (NativeFileError, OSError) as error:
        return Executable(system=None, slices=None, fault=f"{path} could not be read: {error}")
    return Executable(system=SYSTEMS.get(native.format), slices=native.architectures, sdk=native.sdk)


def as_machine(architecture: str) -> str:
    """The name that `platform.machine()` uses: arm64e is arm64 to Python, and so is the older arm64v8."""
    return "arm64" if architecture.startswith("arm64") else architecture


def process_of(executable: Executable, host: Host | None) -> Process:
    """Derive machine and translation of a process that the user's shell would start from `executable`.

    A universal binary takes the architecture of the process that starts it; one with a single slice has no choice.
    """
    if executable.slices is None:
        return Process(machine=None, translated=None, unknown=Unknown(executable.fault or "no executable was read"))
    machines = tuple(dict.fromkeys(as_machine(each) for each in executable.slices))
    single = machines[0] if len(machines) == 1 else None
    if executable.system != "Darwin":
        return Process(machine=single, translated=None, unknown=not_applicable("Rosetta translates only on a Mac"))
    if single == "arm64":
        return Process(machine="arm64", translated=False)
    return _on_a_mac(machines, single, host)


def _on_a_mac(machines: tuple[str, ...], single: str | None, host: Host | None) -> Process:
    """Of a Python that has an x86_64 slice."""
    apple_silicon = host.apple_silicon if host else None
    if apple_silicon is None:
        return Process(machine=single, translated=None, unknown=_hardware_unknown(host))
    if "arm64" not in machines:
        machine = "x86_64" if "x86_64" in machines else single
        return Process(machine=machine, translated=apple_silicon and machine == "x86_64")
    if not apple_silicon:
        return Process(machine="x86_64", translated=False)
    return _universal(host)


def _universal(host: Host | None) -> Process:
    assert host is not None  # noqa: S101 - only a known host says that it is Apple silicon
    inherited = host.parent_translated
    if inherited is None and host.process_translated is False:
        # Our own native process is the next best witness: most Pythons that could run us translated would be so now.
        inherited = False
    if inherited is None:
        reason = host.unknown.get("parent_translated", Unknown("the translation of the shell is unknown")).reason
        return Process(machine=None, translated=None, unknown=Unknown(f"a universal Python, and {reason}"))
    return Process(machine="x86_64" if inherited else "arm64", translated=inherited)


def _hardware_unknown(host: Host | None) -> Unknown:
    known = host.unknown.get("apple_silicon") if host else None
    if known is not None:
        return Unknown(f"whether this is Apple silicon is unknown: {known.reason}", known.kind)
    return Unknown("whether this is Apple silicon is unknown")
