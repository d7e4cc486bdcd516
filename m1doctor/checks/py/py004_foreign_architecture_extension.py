"""PY004 foreign-architecture-extension: extension modules that this interpreter cannot load."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install, pinned
from m1doctor.checks.interpreter_words import named
from m1doctor.checks.tensorflow_packages import IMPORT_NAME, overlapping_tensorflows
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.packages import NativeFile
from m1doctor.model.remedy import Remedy, Step, manual

_NAMED_FOR_ANOTHER = re.compile(
    r"(?:^|[-_./])(?:x86_64|x86|amd64|x64|i[3-6]86|aarch64|arm64|armv7l?|linux|manylinux|windows|win(?:32|64)?)(?=$|[-_.])"
)
"""A library whose own name says which platform it is for is one of several, and not the one that is loaded here."""
_PLUGINS = "tensorflow-plugins/"
_MOST_NAMED = 40
"""Files named of one distribution; TensorFlow has fewer than 40 extension modules."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report, one finding a distribution, the native files that a process of this architecture cannot load."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    assert facts.interpreter.machine is not None  # noqa: S101 - declared in `needs`
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    machine = facts.interpreter.machine
    foreign: dict[str, list[NativeFile]] = {}
    for file in facts.packages.native_files:
        if _is_foreign(file, machine, facts.interpreter.system):
            foreign.setdefault(file.distribution or file.path.partition("/")[0], []).append(file)
    mixed = overlapping_tensorflows(facts.packages)  # PKG005 tells to remove them all
    for owner, files in sorted(foreign.items(), key=lambda each: (not each[0].startswith(IMPORT_NAME), -len(each[1]))):
        if owner in mixed:
            continue
        found = sorted({name for file in files for name in _known_as(file)})
        count = f"{len(files)} native files of {owner}" if len(files) > 1 else f"{files[0].path} of {owner}"
        first = files[0]
        yield Finding(
            level=Level.ERROR,
            message=(
                f"{count} {'are' if len(files) > 1 else 'is'} for {' and '.join(found)}, "
                f"and {named(facts.interpreter)} runs as {machine}."
            ),
            expected=f"native files for {machine}",
            evidence=tuple(_evidence(files, machine)),
            location=Location(path=f"{first.folder}/{first.path}"),
            remedy=Remedy(
                summary=f"Install {owner} anew, for {machine}.",
                steps=(_install_again(facts, files[0], owner),),
            ),
        )


def _is_foreign(file: NativeFile, machine: str, system: str | None) -> bool:
    if not file.architectures or file.path.startswith(_PLUGINS):
        return False  # damaged files and GPU plugins are judged by checks of their own
    if _NAMED_FOR_ANOTHER.search(file.path.rpartition("/")[2]):
        return False
    if file.format is not None and system is not None and _FORMATS.get(file.format, system) != system:
        return True
    return not any(_loads(each, machine) for each in file.architectures)


_FORMATS = {"mach-o": "Darwin", "elf": "Linux"}


def _loads(architecture: str, machine: str) -> bool:
    """Whether a process on `machine` loads a slice: its own; arm64e slices serve Apple's own programs only."""
    return architecture == machine or {architecture, machine} == {"arm64", "aarch64"}


def _known_as(file: NativeFile) -> tuple[str, ...]:
    if file.format == "elf":
        return tuple(f"Linux {each}" for each in file.architectures)
    return file.architectures


def _evidence(files: list[NativeFile], machine: str) -> Iterator[str]:
    for file in files[:_MOST_NAMED]:
        yield f"{file.path}: have '{', '.join(_known_as(file))}', need '{machine}'"
    if len(files) > _MOST_NAMED:
        yield f"and {len(files) - _MOST_NAMED} more"


def _install_again(facts: Facts, file: NativeFile, owner: str) -> Step:
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    for each in facts.packages.distributions:
        if f"{each.name} {each.version}" == file.distribution:
            return install(facts, f"Replace the files of {owner} by those for this Python.", pinned(each), again=True)
    return manual(f"No installed package claims {file.path}: find out what put it there, and install that anew.")


CHECK = Check(
    id="PY004",
    slug="foreign-architecture-extension",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.machine", "packages"),
    after=("PY001",),
    judge=judge,
    passes="All native files are for the architecture of this Python.",
    page=Page(
        what=(
            "Packages of this environment hold compiled code for another processor architecture, or another system, "
            "than the Python that would load it. Each such file is named."
        ),
        why=(
            "Importing one of them raises `ImportError: dlopen(...): incompatible architecture (have 'x86_64', need "
            "'arm64')`; macOS before 12 says `mach-o, but wrong architecture`. A single one of NumPy or h5py is enough "
            "to stop `import tensorflow`."
        ),
        see=(
            "`file` on the named path prints its architecture; `python -c 'import platform; "
            "print(platform.machine())'` prints that of the process. Both must be the same."
        ),
        fix=(
            "Install those packages anew with the pip of this Python. They usually come from a folder that was copied "
            "from another machine, from an install made in a translated shell, or from a cache of wheels built there. "
            "Where most packages are foreign, make the environment anew."
        ),
        sources=(
            Source(
                "apple/tensorflow_macos#273: mach-o, but wrong architecture",
                "https://github.com/apple/tensorflow_macos/issues/273",
            ),
            Source(
                "Apple: Building a universal macOS binary",
                "https://developer.apple.com/documentation/apple-silicon/building-a-universal-macos-binary",
                "2026-11-23",
            ),
        ),
    ),
)
