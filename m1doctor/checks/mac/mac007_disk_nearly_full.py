"""MAC007 disk-nearly-full: too little room for swap files, or for an installation."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.sizes import disk_size
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual

_LINES = {"swap": "free-bytes-swap", "environment": "free-bytes-environment", "home": "free-bytes-environment"}
_USES = {"swap": "swap files", "environment": "this environment", "home": "the home folder"}


def judge(facts: Facts) -> Iterator[Finding]:
    """Compare the free room of each file system with what it has to take; one finding for all that are short."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    short = [
        volume
        for volume in facts.host.volumes or ()
        if volume.purpose in _LINES and volume.free_bytes < threshold(_LINES[volume.purpose])
    ]
    if not short:
        return
    worst = min(short, key=lambda volume: volume.free_bytes)
    uses = [_USES[volume.purpose] for volume in short]
    listed = f"{', '.join(uses[:-1])} and {uses[-1]}" if len(uses) > 1 else uses[0]
    yield Finding(
        level=Level.WARNING,
        message=f"Only {disk_size(worst.free_bytes)} are free for {listed}.",
        expected=f"at least {disk_size(max(threshold(_LINES[volume.purpose]) for volume in short))}",
        evidence=tuple(
            f"{volume.path} ({volume.purpose}): {volume.free_bytes} of {volume.total_bytes} bytes free"
            for volume in short
        ),
        remedy=Remedy(
            summary="Free some room on the disk.",
            steps=(
                manual("Look in System Settings > General > Storage for what takes the room."),
                manual(
                    "Clear package caches that can be fetched again: `uv cache prune`, `pip cache purge`, `conda "
                    "clean`."
                ),
            ),
        ),
    )


CHECK = Check(
    id="MAC007",
    slug="disk-nearly-full",
    level=Level.WARNING,
    stage=Stage.HOST,
    needs=("host.volumes",),
    judge=judge,
    passes="There is enough free room on the disk.",
    page=Page(
        what="A file system that has to take swap files or packages is nearly full.",
        why=(
            "macOS makes swap files when it needs them. With the disk full it cannot, and ends processes instead: a "
            "training run dies without a Python error. An installation that runs out of room half way leaves a damaged "
            "environment: TensorFlow with all that it requires takes 1.3 GB, and as much again while it is unpacked."
        ),
        see=(
            "Run `df -h / /System/Volumes/VM`. The Finder shows more, because it counts what macOS could delete when "
            "asked to."
        ),
        fix="Remove what is not needed. Package caches are safe to clear: they are fetched again when wanted.",
        sources=(
            Source("Measured: wheels of TensorFlow 2.18.1 and tensorflow-metal 1.2.0, installed", date="2026-11-20"),
            Source(
                "xnu: swap files",
                "https://github.com/apple-oss-distributions/xnu/blob/xnu-11417.101.15/osfmk/vm/"
                "vm_compressor_backing_store.c",
            ),
        ),
    ),
)
