"""MAC004 virtual-machine: macOS runs as a guest."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a macOS guest."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    host = facts.host
    if not host.virtual_machine:
        return
    gpu = host.gpu.accelerator_class if host.gpu else None
    named = ", ".join(part for part in (host.model, host.chip) if part)
    yield Finding(
        level=Level.WARNING,
        message=f"This Mac is a virtual machine{f' ({named})' if named else ''}: its GPU is not the hardware's own, "
        "so speeds and utilisation mean nothing.",
        expected="macOS on the hardware itself, where speed matters",
        evidence=tuple(
            line
            for line in (
                f"model {host.model}" if host.model else None,
                f"chip {host.chip}" if host.chip else None,
                f"GPU driver {gpu}" if gpu else None,
                f"kernel {host.kernel}",
            )
            if line
        ),
        remedy=Remedy(
            summary="Take results from here as right or wrong, never as fast or slow.",
            steps=(manual("Measure speed on a Mac itself; a guest is right for checking that code runs."),),
        ),
    )


CHECK = Check(
    id="MAC004",
    slug="virtual-machine",
    level=Level.WARNING,
    stage=Stage.HOST,
    # The first is unknown as not applicable off macOS, where the second may be unknown for want of firmware tables.
    needs=("host.macos_version", "host.virtual_machine"),
    judge=judge,
    passes="macOS runs on the hardware itself.",
    page=Page(
        what=(
            "macOS runs as a guest under Apple's Virtualization framework or another one (UTM, Tart, Parallels, a "
            "GitHub Actions runner). Its GPU is a paravirtual device, AppleParavirtGPU, that passes work to the host."
        ),
        why=(
            "The guest sees a Metal device and TensorFlow may compute on it, but it shares the host's GPU, reports no "
            "utilisation and lacks features of the real device. A benchmark here says nothing about any Mac."
        ),
        see=(
            "Run `sysctl kern.hv_vmm_present hw.model`: a guest prints 1 and VirtualMac2,1. "
            "`ioreg -r -d 1 -c IOAccelerator` names the driver's class."
        ),
        fix="Nothing to mend. Measure on the hardware; use guests to check that things work.",
        sources=(
            Source("Apple: Virtualization framework", "https://developer.apple.com/documentation/virtualization"),
            Source(
                "GitHub: limitations of arm64 macOS runners",
                "https://docs.github.com/en/actions/reference/runners/github-hosted-runners",
            ),
        ),
    ),
)
