"""PKG004 damaged-installation: installed files are missing, altered, or not what their names say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.tensorflow_packages import (
    needed_for_tensorflow,
    overlapping_tensorflows,
    recorded_tensorflows,
)
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import normalized
from m1doctor.model.packages import DamagedFile, Distribution, FileFault, NativeFile, Packages
from m1doctor.model.remedy import Remedy, Step, manual

_SHOWN = 10
_PLUGINS = "tensorflow-plugins/"
_READ_BY_PEOPLE = (".md", ".rst", ".txt", ".html", ".pyi", ".h", ".hpp", ".proto", "LICENSE", "NOTICE", "AUTHORS")
"""Files that no import reads."""
_WORDS = {
    FileFault.MISSING: "missing",
    FileFault.SIZE: "of another size",
    FileFault.HASH: "altered",
    FileFault.UNREADABLE: "unreadable",
}


def judge(facts: Facts) -> Iterator[Finding]:
    """Report damage by distribution, then metadata that cannot be read, then names that are recorded twice."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    faults: dict[str, list[NativeFile]] = defaultdict(list)
    for file in packages.native_files:
        if file.fault is not None and file.distribution is not None:
            faults[file.distribution].append(file)
    damaged: dict[str, list[DamagedFile]] = defaultdict(list)
    shared = {(owner, path) for overlap in packages.overlaps for owner in overlap.owners for path in overlap.paths}
    for each in packages.damaged:
        if not (each.path.startswith(_PLUGINS) and (each.distribution, each.path) in shared):  # LNK005
            damaged[each.distribution].append(each)
    needed = needed_for_tensorflow(packages)
    mixed = overlapping_tensorflows(packages)  # their files differ because of each other: PKG005
    labels = {
        label: normalized(label.rpartition(" ")[0]) in needed for label in (*damaged, *faults) if label not in mixed
    }
    for label, matters in sorted(labels.items(), key=lambda item: (not item[1], item[0])):
        level = Level.ERROR if matters else Level.WARNING
        yield _damage(facts, label, damaged[label], faults[label], level)
    yield from _broken_metadata(packages, needed)
    yield from _recorded_twice(facts, packages, needed)


def _damage(facts: Facts, label: str, files: list[DamagedFile], faults: list[NativeFile], level: Level) -> Finding:
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    by_path = {file.path: file for file in faults}
    lines = [_line(file, by_path.pop(file.path, None)) for file in files]
    lines += [f"{file.path}: {file.fault}" for file in by_path.values()]
    count = max(facts.packages.damaged_counts.get(label, 0), len(files)) + len(by_path)
    if not faults and all(file.path.endswith(_READ_BY_PEOPLE) for file in files):
        level = Level.NOTE
    rest = f" and {count - 1} more" if count > 1 else ""
    return Finding(
        level=level,
        message=f"{label} is damaged: {lines[0]}{rest}.",
        expected="every file as RECORD lists it",
        evidence=(*lines[:_SHOWN], *((f"… {count - _SHOWN} more",) if count > _SHOWN else ())),
        isolated=level is not Level.ERROR,  # TensorFlow does not need that package
        remedy=Remedy(summary=f"Install {label} again.", steps=(_again(facts, label),)),
    )


def _line(file: DamagedFile, native: NativeFile | None) -> str:
    words = f"{file.path} is {_WORDS[file.fault]}"
    if file.fault is not FileFault.MISSING and file.expected and file.actual:
        words += f" ({file.actual}, recorded {file.expected})"
    return f"{words}: {native.fault}" if native is not None and native.fault else words


def _again(facts: Facts, label: str) -> Step:
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    distribution = next((each for each in facts.packages.distributions if f"{each.name} {each.version}" == label), None)
    if distribution is None:
        return manual(f"Install {label} again.")
    requirement = f"{distribution.name}=={distribution.version}"
    if distribution.installer == "conda":
        return manual(f"Reinstall it with conda: conda install --force-reinstall {distribution.name}.")
    if distribution.direct_origin is not None:
        return manual(f"Install {distribution.name} again from where it came; it did not come from an index.")
    return install(facts, "Lay its files down again.", requirement, again=True)


def _broken_metadata(packages: Packages, needed: frozenset[str]) -> Iterator[Finding]:
    names = {*known_faults().tensorflow_names, *known_faults().metal_providers}
    for each in packages.broken_metadata:
        name = normalized(each.name or "")
        if name in names and packages.find(name) is None:
            level = Level.ERROR
        else:
            level = Level.WARNING if name in needed else Level.NOTE
        place = f"{each.folder}/{each.metadata_path}"
        yield Finding(
            level=level,
            message=f"{each.metadata_path} does not tell what it records: {each.reason}.",
            expected="a METADATA file with a name and a version",
            evidence=(place,),
            remedy=Remedy(
                summary="Delete what the interrupted installation left over.",
                steps=(manual(f"Delete {place}, then install that package again where it is needed."),),
            ),
        )


def _recorded_twice(facts: Facts, packages: Packages, needed: frozenset[str]) -> Iterator[Finding]:
    by_name: dict[tuple[str, str], list[Distribution]] = defaultdict(list)
    for each in packages.distributions:
        by_name[each.folder, each.normalized_name].append(each)
    told_elsewhere = {each.normalized_name for each in recorded_tensorflows(packages)}  # PKG005
    for (folder, name), several in sorted(by_name.items()):
        if len(several) == 1 or name in told_elsewhere:
            continue
        versions = " and ".join(each.version for each in several)
        yield Finding(
            level=Level.WARNING if name in needed else Level.NOTE,
            message=f"{several[0].name} is recorded twice in one folder, as {versions}.",
            expected="one record of each distribution",
            evidence=tuple(
                f"{folder}/{each.metadata_path}" + (" (without a RECORD)" if each.recorded_files is None else "")
                for each in several
            ),
            remedy=Remedy(
                summary="Delete the records and install it once.",
                steps=(
                    manual(f"Delete {', '.join(f'{folder}/{each.metadata_path}' for each in several)}."),
                    install(facts, "Install it again.", several[0].name, again=True),
                ),
            ),
        )


def passes(facts: Facts) -> str:
    """Say how far the comparison went."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    recorded = sum(each.recorded_files or 0 for each in facts.packages.distributions)
    how = "content" if facts.packages.hashes_checked else "size"
    headers = "" if facts.packages.headers_checked else " C headers were left out."
    return f"{recorded} recorded files are there, with the {how} that RECORD states.{headers}"


CHECK = Check(
    id="PKG004",
    slug="damaged-installation",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "Installed files are missing, changed or cut off. "
            "Each wheel brings a RECORD: its files with their sizes and SHA-256 hashes. Files of this environment are "
            "missing, differ, or are no libraries although they are named so (cut off, empty, a web page or a git-lfs "
            "pointer saved in their place). Sizes are always compared (a `--quick` run leaves out C headers), "
            "contents with `--deep`. Compiled files, scripts, and what conda rewrites when it installs are left out. "
            "Two records of one package in one folder and records that cannot be read are told here as well. It is an "
            "error for TensorFlow, its plugin and what they require, a warning for other packages, and a note where "
            "only files differ that no import reads."
        ),
        why=(
            "An interrupted download, a full disk, a cleaner or a hand edit leaves a package that fails at import or "
            "much later. pip and uv compare versions only, so `pip install` says that all is satisfied."
        ),
        see=(
            "Compare a file with its line in `site-packages/<name>-<version>.dist-info/RECORD` "
            "(`shasum -a 256 FILE`; RECORD holds the same hash in URL-safe base64)."
        ),
        fix="Install exactly that version again with `--force-reinstall --no-deps`.",
        sources=(
            Source(
                "Recording installed projects",
                "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
            ),
        ),
    ),
)
