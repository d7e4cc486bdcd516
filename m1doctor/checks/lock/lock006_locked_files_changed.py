"""LOCK006 locked-files-changed: files of locked packages are not what was installed."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.pinned import given, pinned_here
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.given_lock import Manager
from m1doctor.model.packages import DamagedFile
from m1doctor.model.remedy import Remedy, Step, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each locked package with changed files."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    packages = facts.packages
    pins = pinned_here(facts, Manager.PIP)
    for label, count in sorted(packages.damaged_counts.items()):
        name, _, version = label.rpartition(" ")
        owner = next((each for each in packages.distributions if f"{each.name} {each.version}" == label), None)
        pin = pins.get(owner.normalized_name) if owner is not None else None
        if pin is not None and pin.version in (None, version):  # another version is drift, whatever its files
            files = tuple(file for file in packages.damaged if file.distribution == label)
            step = install(facts, "Lay its files down anew.", f"{name}=={version}", again=True)
            yield _finding(facts, label, count, files, step)
    conda: dict[str, list[DamagedFile]] = {}
    for file in packages.conda_damaged:
        if file.distribution.rpartition(" ")[0] in pinned_here(facts, Manager.CONDA):
            conda.setdefault(file.distribution, []).append(file)
    for label, found in sorted(conda.items()):
        step = manual(f"Install {label} again with conda: conda install --force-reinstall {label.replace(' ', '=')}.")
        yield _finding(facts, label, len(found), tuple(found), step)


def _finding(facts: Facts, label: str, count: int, files: tuple[DamagedFile, ...], step: Step) -> Finding:
    words = "1 file of {} is not what was" if count == 1 else f"{count} files of {{}} are not what was"
    return Finding(
        level=Level.ERROR,
        message=f"{words.format(label)} installed.",
        expected="every file as the record of its installation says",
        evidence=tuple(f"{file.fault.value}: {file.path}" for file in files[:10]),
        location=Location(path=given(facts).path),
        isolated=True,
        remedy=Remedy(summary=f"Install {label} again.", steps=(step,)),
    )


CHECK = Check(
    id="LOCK006",
    slug="locked-files-changed",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock", "packages.folders_read"),
    after=("PKG004",),
    judge=judge,
    passes="The files of the locked packages are as they were installed.",
    page=Page(
        what=(
            "Files of packages that the lock pins are missing or changed against the record of their installation: "
            "RECORD for wheels, `conda-meta` for conda. Compiled files and scripts are left out. `m1doctor verify` "
            "compares every content; `m1doctor diagnose` tells damage as PKG004, and contents only with `--deep`."
        ),
        why=(
            "Installers compare versions alone: for pip and uv an environment without `libmetal_plugin.dylib` is "
            "complete as long as its metadata is there."
        ),
        see="Run `m1doctor verify LOCK`, or compare a file with its line in `<name>-<version>.dist-info/RECORD`.",
        fix="Install that release again with `--force-reinstall --no-deps`, or make the environment anew.",
        sources=(
            Source(
                "Recording installed projects",
                "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
            ),
        ),
    ),
)
