"""MAC009 emulated-linux: an amd64 Linux container on Apple silicon."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report an x86_64 userland on an ARM kernel of a Mac."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    if not facts.host.emulated_linux:
        return
    yield Finding(
        level=Level.ERROR,
        message="This is an amd64 Linux container that is emulated on Apple silicon: TensorFlow's x86_64 build needs "
        "AVX, which the emulation may not have, and there is no Metal.",
        expected="a linux/arm64 container, or macOS itself for the GPU",
        evidence=(f"machine {facts.host.process_machine}", *facts.host.emulation_traces),
        remedy=Remedy(
            summary="Use an arm64 image for the CPU, or run on macOS itself for the GPU.",
            steps=(
                manual("Start the container from an image for linux/arm64: `docker run --platform linux/arm64 …`."),
                manual("Remove `platform: linux/amd64` and DOCKER_DEFAULT_PLATFORM where they ask for amd64."),
                manual("For the GPU, make the environment on macOS: no Linux container reaches Metal."),
            ),
        ),
    )


CHECK = Check(
    id="MAC009",
    slug="emulated-linux",
    level=Level.ERROR,
    stage=Stage.HOST,
    needs=("host.emulated_linux",),
    judge=judge,
    passes="The Linux userland is of the machine's own architecture.",
    page=Page(
        what=(
            "The process is told x86_64, but the machine is a Mac with Apple silicon: a container image for amd64 runs "
            "there through Rosetta for Linux or QEMU."
        ),
        why=(
            "TensorFlow's x86_64 wheels for Linux are built with AVX. Rosetta has none in most versions of macOS, QEMU "
            "has it in some: `import tensorflow` dies with SIGILL, or with `The TensorFlow library was compiled to use "
            "AVX instructions`. What does run is several times slower than an arm64 image, and Metal is out of reach "
            "of "
            "any Linux."
        ),
        see=(
            "Run `head /proc/cpuinfo`: it names an ARM processor (`CPU implementer`) or `VirtualApple`, while `uname "
            "-m` "
            "says x86_64."
        ),
        fix="Use a linux/arm64 image; TensorFlow has wheels for it. For the GPU, work on macOS itself.",
        sources=(
            Source("docker/for-mac: /proc/cpuinfo under emulation", "https://github.com/docker/for-mac/issues/7080"),
            Source("docker/for-mac: amd64 images break under Rosetta", "https://github.com/docker/for-mac/issues/7137"),
            Source("docker/roadmap: no AVX in Rosetta", "https://github.com/docker/roadmap/issues/384"),
        ),
    ),
)
