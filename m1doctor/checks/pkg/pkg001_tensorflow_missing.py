"""PKG001 tensorflow-missing: `import tensorflow` finds nothing, or a folder with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.empty_release import empty_release
from m1doctor.checks.install_steps import install, tensorflow_requirements
from m1doctor.checks.tensorflow_packages import IMPORT_NAME, recorded_tensorflows, tensorflow_folder
from m1doctor.knowledge.known_faults import Shim
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.packages import DirectOrigin, Distribution, ImportPackage, Packages
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report an environment without an importable TensorFlow, and say which kind of nothing is there."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    recorded = recorded_tensorflows(packages)
    folder = tensorflow_folder(packages)
    if folder is not None and folder.importable:
        if not folder.owners:
            yield _unowned(facts, packages, folder)
        return
    if any(each.direct_origin is DirectOrigin.EDITABLE for each in recorded):
        return  # its code lies where the build is
    evidence = _evidence(packages, folder, recorded)
    for each in recorded:
        shim = empty_release(facts, each)
        if shim is not None:
            yield _empty(facts, each, shim, evidence)
            return
    yield _nothing(facts, packages, folder, recorded, evidence)


def _evidence(packages: Packages, folder: ImportPackage | None, recorded: list[Distribution]) -> tuple[str, ...]:
    lines = [f"{each.name} {each.version} is recorded in {each.metadata_path}" for each in recorded]
    if folder is None:
        lines += [f"no {IMPORT_NAME} folder in {path}" for path in packages.folders_read or ()]
    else:
        lines.append(f"{folder.folder}/{IMPORT_NAME} has no __init__.py")
    return tuple(lines)


def _empty(facts: Facts, distribution: Distribution, shim: Shim, evidence: tuple[str, ...]) -> Finding:
    known = f"{distribution.name} {distribution.version}"
    requirement = f"{shim.provided_by}=={distribution.version}"
    declares = (
        f"its code is in {requirement}, which it requires and which is not installed"
        if shim.requires_it
        else f"it requires only itself; the code of that version is in {requirement}"
    )
    return Finding(
        level=Level.ERROR,
        message=f"{known} is installed, but it is an empty package on Apple silicon: {declares}.",
        expected=f"a {IMPORT_NAME} folder with an __init__.py in a site folder",
        evidence=evidence,
        remedy=Remedy(
            summary=f"Install {requirement}, which holds the code.",
            steps=(install(facts, "Install the distribution that holds the code.", requirement),),
        ),
    )


def _nothing(
    facts: Facts,
    packages: Packages,
    folder: ImportPackage | None,
    recorded: list[Distribution],
    evidence: tuple[str, ...],
) -> Finding:
    where = ", ".join(packages.folders_read or ()) or "the site folders"
    if recorded:
        first = recorded[0]
        message = f"{first.name} {first.version} is recorded as installed, but its {IMPORT_NAME} folder is "
        message += "gone." if folder is None else "a shell without an __init__.py."
        step = install(facts, "Lay its files down again.", f"{first.name}=={first.version}", again=True)
    elif folder is not None:
        message = f"TensorFlow is not installed: {folder.folder}/{IMPORT_NAME} is a folder that an uninstall left over."
        step = install(facts, "Install TensorFlow.", *tensorflow_requirements(facts))
    else:
        message = f"TensorFlow is not installed in {where}."
        step = install(facts, "Install TensorFlow.", *tensorflow_requirements(facts))
    left_over = () if folder is None else (manual(f"Delete the folder {folder.folder}/{IMPORT_NAME} first."),)
    return Finding(
        level=Level.ERROR,
        message=message,
        expected=f"a {IMPORT_NAME} folder with an __init__.py in a site folder",
        evidence=evidence,
        remedy=Remedy(summary="Install TensorFlow in this environment.", steps=(*left_over, step)),
    )


def _unowned(facts: Facts, packages: Packages, folder: ImportPackage) -> Finding:
    prefix = f"{IMPORT_NAME}/"
    libraries = [
        each for each in packages.native_files if each.folder == folder.folder and each.path.startswith(prefix)
    ]
    place = f"{folder.folder}/{IMPORT_NAME}"
    what = (
        "which version it is cannot be told, and nothing can be verified"
        if libraries
        else "it holds no native library, so an uninstall left it over or a script made it"
    )
    return Finding(
        level=Level.WARNING if libraries else Level.ERROR,
        message=f"{place} belongs to no installed distribution: {what}.",
        expected="a tensorflow folder that a distribution records",
        evidence=(f"{len(libraries)} native libraries below {place}", "no RECORD lists a file of it"),
        location=Location(path=place),
        remedy=Remedy(
            summary="Delete the folder and install TensorFlow anew.",
            steps=(
                manual(f"Delete the folder {place}."),
                install(facts, "Install TensorFlow.", *tensorflow_requirements(facts)),
            ),
        ),
    )


def passes(facts: Facts) -> str:
    """Name what is there."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    folder = tensorflow_folder(facts.packages)
    owner = folder.owners[0] if folder and folder.owners else "TensorFlow"
    return f"{owner} is installed."


CHECK = Check(
    id="PKG001",
    slug="tensorflow-missing",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages.folders_read",),
    after=("PY001", "PKG003"),
    decisive=True,
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "No site folder of the target holds a `tensorflow` folder that can be imported. Either nothing is "
            "installed, or only a name is: `tensorflow` 2.13.0 to 2.15.0 for Apple silicon are empty packages that "
            "require `tensorflow-macos`, tensorflow-macos 2.15.1 is empty and requires only itself, and 2.16 of it is "
            "empty and requires `tensorflow`. A folder that an uninstall left over imports as an empty namespace."
        ),
        why=(
            "Nothing else can be examined at run time. `pip list` shows a TensorFlow all the same when it is an empty "
            "one, and installing `tensorflow` again changes nothing then."
        ),
        see=(
            "Run `python -c 'import tensorflow; print(tensorflow.__file__)'`: `No module named 'tensorflow'`, or "
            "`None` for an empty namespace. `pip show -f tensorflow` lists the files of the distribution."
        ),
        fix=(
            "Install the distribution that holds the code: `tensorflow` from 2.15.1 on, `tensorflow-macos` of the same "
            "version up to 2.15.0."
        ),
        sources=(
            Source("Published files of tensorflow-macos", date="2026-11-23"),
            Source(
                "tensorflow#61477: 2.13 installed by Poetry without tensorflow-macos",
                "https://github.com/tensorflow/tensorflow/issues/61477",
            ),
            Source(
                "uv#12092: tensorflow 2.14 without tensorflow-macos", "https://github.com/astral-sh/uv/issues/12092"
            ),
        ),
    ),
)
