"""MAC002 intel-mac: the Mac has an Intel processor."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.archived_fork import archived_fork
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.plugins import Provider
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a Mac whose hardware is not Apple silicon: only a note where what is installed was made for it."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    host = facts.host
    if host.apple_silicon:
        return
    named = " ".join(part for part in (host.model, f"({host.chip})" if host.chip else "") if part)
    made_for_it = _made_for_intel(facts)
    if made_for_it is not None:
        yield Finding(
            level=Level.NOTE,
            message=f"This is an Intel Mac{', ' + named if named else ''}, and {made_for_it} was still made for it.",
            evidence=(f"kernel {host.kernel}", f"machine {host.process_machine}", f"GPU {_gpu(facts)}"),
        )
        return
    yield Finding(
        level=Level.ERROR,
        message=f"This is an Intel Mac{', ' + named if named else ''}: it has no Apple GPU for TensorFlow to use.",
        expected="Apple silicon (M1 or later)",
        evidence=(f"kernel {host.kernel}", f"machine {host.process_machine}", f"GPU {_gpu(facts)}"),
        remedy=Remedy(
            summary="Work on the CPU here, or on the GPU of another machine.",
            steps=(
                manual("Use TensorFlow without a plugin: 2.16.2 is the last release with wheels for Intel Macs."),
                manual(
                    "Uninstall tensorflow-metal where it is installed: its wheels since 1.0.1 hold arm64 code only."
                ),
            ),
        ),
    )


def _made_for_intel(facts: Facts) -> str | None:
    """What is installed that computes on the GPU of an Intel Mac: an old plugin with x86_64 code, or Apple's fork."""
    for plugin in facts.plugins.libraries if facts.plugins else ():
        if plugin.provider is Provider.APPLE and "x86_64" in plugin.architectures:
            return " and ".join(plugin.distributions) or plugin.path
    fork = archived_fork(facts)
    return None if fork is None else f"{fork[0].name} {fork[0].version}"


def _gpu(facts: Facts) -> str:
    gpu = facts.host.gpu if facts.host else None
    return (gpu.name or gpu.accelerator_class if gpu else None) or "unknown"


def _passes(facts: Facts) -> str:
    chip = facts.host.chip if facts.host is not None else None
    return f"The hardware is Apple silicon ({chip})." if chip else "The hardware is Apple silicon."


CHECK = Check(
    id="MAC002",
    slug="intel-mac",
    level=Level.ERROR,
    stage=Stage.HOST,
    needs=("host.apple_silicon",),
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "The processor of this Mac is Intel's. The kernel says so itself: its version string names the "
            "architecture it was built for, whatever a translated process is told. It is no more than a note where a "
            "plugin with x86_64 code is installed: tensorflow-metal up to 1.0.0 has wheels for Intel Macs with an AMD "
            "GPU, and Apple's fork of 2.4 computed on any of them."
        ),
        why=(
            "Current tensorflow-metal wheels hold arm64 code for Apple GPUs. On an Intel Mac pip finds no such wheel, "
            "and TensorFlow computes on the CPU."
        ),
        see="Run `sysctl hw.optional.arm64`: an Intel Mac knows no such name. `uname -v` ends in RELEASE_X86_64.",
        fix=(
            "The hardware decides. TensorFlow itself works on the CPU up to 2.16.2, the last release with macOS x86_64 "
            "wheels; for a GPU use a Mac with Apple silicon or a Linux machine."
        ),
        sources=(
            Source("PyPI: files of tensorflow 2.16.2", date="2026-11-20"),
            Source("PyPI: files of tensorflow-metal 0.8.0, 1.0.0, 1.0.1", date="2026-11-24"),
            Source("Apple: Get started with tensorflow-metal", "https://developer.apple.com/metal/tensorflow-plugin/"),
        ),
    ),
)
