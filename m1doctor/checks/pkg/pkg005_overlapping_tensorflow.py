"""PKG005 overlapping-tensorflow: two distributions have written into one tensorflow folder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install, pinned, uninstall
from m1doctor.checks.tensorflow_packages import IMPORT_NAME, recorded_tensorflows
from m1doctor.knowledge import pairings
from m1doctor.knowledge.known_faults import in_range, known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.remedy import Remedy, Step, manual

_ASKS = re.compile(rf"{IMPORT_NAME}\s*(?![A-Za-z0-9._-])")
"""A requirement on the plain name, not on one that begins with it."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report files of the tensorflow folder that two distributions claim, and a name that is recorded twice."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    told: set[str] = set()
    for overlap in packages.overlaps:
        shared = [path for path in overlap.paths if path.startswith(f"{IMPORT_NAME}/")]
        if not shared:
            continue
        told.update(overlap.owners)
        yield Finding(
            level=Level.ERROR,
            message=f"{' and '.join(overlap.owners)} both own the {IMPORT_NAME} folder: {overlap.count} files of one "
            "are overwritten by the other.",
            expected="one distribution that owns the tensorflow folder",
            evidence=(
                *(f"recorded by both, with different content: {path}" for path in shared),
                *(f"in {overlap.folder}",),
            ),
            remedy=_remedy(facts, packages, overlap.owners),
        )
    yield from _side_by_side(facts, packages, told)
    yield from _twice(facts, packages, told)


def _side_by_side(facts: Facts, packages: Packages, told: set[str]) -> Iterator[Finding]:
    """Two TensorFlows with code in them, by their names alone: where one has no RECORD, no shared file can be seen."""
    folders: dict[str, list[Distribution]] = defaultdict(list)
    for each in recorded_tensorflows(packages):
        if not _empty_release(each):
            folders[each.folder].append(each)
    for folder, several in sorted(folders.items()):
        labels = [f"{each.name} {each.version}" for each in several]
        silent = [each for each in several if each.recorded_files is None]
        if len({each.normalized_name for each in several}) == 1 or not silent or told.issuperset(labels):
            continue
        told.update(labels)
        yield Finding(
            level=Level.ERROR,
            message=f"{' and '.join(labels)} both install into the {IMPORT_NAME} folder: "
            "one has overwritten the other.",
            expected="one distribution that owns the tensorflow folder",
            evidence=tuple(
                f"{folder}/{each.metadata_path}" + (" (without a RECORD)" if each.recorded_files is None else "")
                for each in several
            ),
            remedy=_remedy(facts, packages, tuple(labels)),
        )


def _empty_release(distribution: Distribution) -> bool:
    """Whether a release only leads to another name, as far as is known."""
    if distribution.recorded_files is not None:
        return IMPORT_NAME not in distribution.top_level
    return any(
        shim.name == distribution.normalized_name and in_range(distribution.version, shim.versions) is not False
        for shim in known_faults().shims
    )


def _remedy(facts: Facts, packages: Packages, owners: tuple[str, ...]) -> Remedy:
    names = sorted({label.rpartition(" ")[0] for label in owners})
    return Remedy(
        summary="Remove both and install one.",
        steps=(
            uninstall(facts, "Remove both: removing one takes files of the other along.", *names),
            install(facts, "Install one.", _keep(facts, packages, owners)),
            *_add_ons(packages, owners),
        ),
    )


def _keep(facts: Facts, packages: Packages, owners: tuple[str, ...]) -> str:
    """The requirement of the one to keep: plain `tensorflow`, where a release of it is whole on this machine."""
    several = [each for each in packages.distributions if f"{each.name} {each.version}" in owners]
    plain = [each for each in several if each.normalized_name == IMPORT_NAME]
    if several and facts.interpreter is not None and facts.interpreter.apple_silicon_target:
        whole = [each for each in several if pairings.installs_as(each.version) == pinned(each)]
        return pinned(([each for each in plain if each in whole] or whole or plain or several)[0])
    return pinned((plain or several)[0]) if several else IMPORT_NAME


def _add_ons(packages: Packages, owners: tuple[str, ...]) -> Iterator[Step]:
    """Tell which packages ask for the plain name, and so bring the second TensorFlow back."""
    names = {label.rpartition(" ")[0] for label in owners}
    asking = [
        f"{each.name} {each.version} requires {line}"
        for each in packages.distributions
        if each.name not in names
        for line in each.requires
        if "extra ==" not in line and _ASKS.match(line)
    ]
    if asking and len(names) > 1:
        yield manual(
            f"Install with --no-deps from then on what asks for the name {IMPORT_NAME}, or it brings the second one "
            f"back: {'; '.join(asking)}."
        )


def _twice(facts: Facts, packages: Packages, told: set[str]) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Distribution]] = defaultdict(list)
    for each in recorded_tensorflows(packages):
        groups[each.folder, each.normalized_name].append(each)
    for (folder, name), several in sorted(groups.items()):
        if len(several) == 1 or all(f"{each.name} {each.version}" in told for each in several):
            continue
        versions = " and ".join(each.version for each in several)
        yield Finding(
            level=Level.ERROR,
            message=f"{name} is recorded twice in one folder, as {versions}: which of the two the files are cannot be "
            "told from the records.",
            expected="one record of TensorFlow",
            evidence=tuple(
                f"{folder}/{each.metadata_path}" + (" (without a RECORD)" if each.recorded_files is None else "")
                for each in several
            ),
            remedy=Remedy(
                summary="Delete both records and the folder, and install one.",
                steps=(
                    manual(
                        f"Delete {folder}/{IMPORT_NAME} and "
                        f"{', '.join(f'{folder}/{each.metadata_path}' for each in several)}."
                    ),
                    install(facts, "Install one.", pinned(several[0])),
                ),
            ),
        )


CHECK = Check(
    id="PKG005",
    slug="overlapping-tensorflow",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages",),
    judge=judge,
    passes="One distribution at most owns the tensorflow folder.",
    page=Page(
        what=(
            "Several packages of TensorFlow lie in one folder: `tensorflow`, `tensorflow-macos`, `tensorflow-cpu` and "
            "the nightlies all install into `tensorflow`. Two of them with code in them are recorded here, or one of "
            "them twice, so the later installation has overwritten files of the earlier one. The empty packages that "
            "only lead from one name to the other do not count."
        ),
        why=(
            "The folder is a mixture: Python files of one version beside libraries of another. Symbols go missing, "
            "the Metal plugin refuses to load, and removing either package takes files of the other with it."
        ),
        see="Run `pip list | grep -i tensorflow`, and look for one path in both `*.dist-info/RECORD` files.",
        fix="Remove every TensorFlow of the environment and install one; a new environment is surer.",
        sources=(
            Source(
                "tensorflow/text#654: tensorflow-text pulls stock tensorflow over tensorflow-macos",
                "https://github.com/tensorflow/text/issues/654",
            ),
        ),
    ),
)
