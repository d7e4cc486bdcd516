"""Facts about the machine: what it is, what it runs on, how much room it has."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class Gpu:
    """The GPU that the system describes (not what TensorFlow sees: that is `Runtime.devices`)."""

    name: str | None = None
    """As the driver names it, e.g. ``"Apple M1 Pro"``."""
    cores: int | None = None
    metal_family: str | None = None
    """As system_profiler says, e.g. ``"Metal 3"``."""
    accelerator_class: str | None = None
    """IO registry class, e.g. ``"AGXAcceleratorG13X"``; a paravirtual one marks a virtual machine."""
    resets: int | None = None
    """`recoveryCount` of the driver: how often the GPU was reset."""
    unknown: dict[str, Unknown] = field(default_factory=dict)


@record(frozen=True, slots=True, kw_only=True)
class Volume:
    """Free room on one file system."""

    purpose: str
    """What it holds for us: ``"swap"``, ``"environment"`` or ``"home"``."""
    path: str
    total_bytes: int
    free_bytes: int


@record(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine. Its architecture is the hardware's, never that of a translated process."""

    system: str | None = None
    """``"Darwin"`` or ``"Linux"``."""
    kernel: str | None = None
    """Kernel version string; ``RELEASE_ARM64`` in it marks Apple silicon even under Rosetta."""
    process_machine: str | None = None
    """What `uname -m` says to m1doctor's own process; a lie under Rosetta."""
    process_translated: bool | None = None
    """Whether m1doctor itself runs translated (`sysctl.proc_translated`, asked in-process)."""
    parent_translated: bool | None = None
    """Whether the shell that started m1doctor is translated, so that what it starts will be, where it can.

    Read from the process table (`P_TRANSLATED`). Our own process says nothing on this: an arm64-only Python stays
    native under a translated shell, and an x86_64-only one is translated under a native shell.
    """
    apple_silicon: bool | None = None
    chip: str | None = None
    """Brand string, e.g. ``"Apple M1 Pro"``."""
    model: str | None = None
    """Model identifier, e.g. ``"MacBookPro18,1"``."""
    macos_version: str | None = None
    """From `kern.osproductversion`, never from Python's own idea of it."""
    macos_build: str | None = None
    distribution: str | None = None
    """On Linux: `PRETTY_NAME` of os-release."""
    virtual_machine: bool | None = None
    emulated_linux: bool | None = None
    """An amd64 Linux userland that runs by emulation (Rosetta for Linux or QEMU) on Apple silicon."""
    emulation_traces: tuple[str, ...] = ()
    """What gives the emulation away, a clause each; empty where there is none."""
    memory_bytes: int | None = None
    physical_cores: int | None = None
    performance_levels: tuple[int, ...] = ()
    """Physical cores of each performance level, fastest first; empty where the system does not say."""
    gpu: Gpu | None = None
    volumes: tuple[Volume, ...] | None = None
    """File systems that have to take swap files or packages; `None` where not one could be asked."""
    command_line_tools: str | None = None
    """Version of Apple's Command Line Tools, ``"Xcode"`` with a full Xcode, ``""`` where there are none."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
