"""PKG014 native-dependency-missing: a library that is not the plugin asks for one that is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install, pinned
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.names import normalized
from m1doctor.model.packages import FileFault, MissingDependency, Packages
from m1doctor.model.remedy import Remedy, Step, manual

_SHOWN = 10


def applies(facts: Facts) -> str | None:
    """What is read are Mach-O load commands."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    return None if facts.interpreter.system == "Darwin" else "the target is not a Mac's Python"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each library that is gone, once for all the files that ask for it."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    needed = needed_for_tensorflow(packages)
    groups: dict[str, list[MissingDependency]] = defaultdict(list)
    for each in packages.missing_dependencies:
        # A path that begins at the asking file is another library for each package.
        owner = each.distribution or "" if each.wanted.startswith("@loader_path") else ""
        groups[f"{each.wanted} {owner}"].append(each)
    for _, several in sorted(groups.items()):
        first = several[0]
        owners = sorted({each.distribution for each in several if each.distribution})
        of = f" of {', '.join(owners)}" if owners else ""
        asks = f" and {len(several) - 1} more{of} ask" if len(several) > 1 else f"{of} asks"
        label = _lost_by(packages, first) or first.distribution
        matters = not owners or any(normalized(owner.rpartition(" ")[0]) in needed for owner in owners)
        yield Finding(
            level=Level.ERROR if matters else Level.WARNING,
            message=f"{first.path}{asks} for {first.wanted}, which is not there.",
            expected=f"a library at one of the {len(first.tried)} places where dyld looks",
            evidence=(
                f"Library not loaded: {first.wanted}",
                *(f"  Referenced from: {each.path}" for each in several[:_SHOWN]),
                *(f"  tried: '{path}' (no such file)" for path in first.tried[:_SHOWN]),
            ),
            remedy=Remedy(
                summary=f"Install {label} again." if label else "Bring the library back.",
                steps=(_step(facts, label, first.wanted),),
            ),
        )


def _lost_by(packages: Packages, missing: MissingDependency) -> str | None:
    """The distribution whose RECORD lists a file of that name that is no longer there."""
    base = missing.wanted.rpartition("/")[2]
    lost = (each for each in packages.damaged if each.fault is FileFault.MISSING)
    return next((each.distribution for each in lost if each.path.rpartition("/")[2] == base), None)


def _step(facts: Facts, label: str | None, wanted: str) -> Step:
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if wanted.startswith("/"):
        return manual(f"Install what brings {wanted} (its path tells who: Homebrew, MacPorts, another Python).")
    for each in facts.packages.distributions:
        if f"{each.name} {each.version}" == label:
            if each.installer == "conda":
                return manual(f"Reinstall it with conda: conda install --force-reinstall {each.name}.")
            return install(facts, "Lay its files down again.", pinned(each), again=True)
    return manual("Make the environment anew: a library of Python itself, or of conda, has been removed from it.")


CHECK = Check(
    id="PKG014",
    slug="native-dependency-missing",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages", "interpreter.system"),
    applies=applies,
    judge=judge,
    passes="Every library that an extension module asks for by a path of its own is there.",
    page=Page(
        what=(
            "A native file needs a library that is not there. "
            "A native file names the libraries it needs in its load commands. One that is not the system's is at none "
            "of the places where dyld looks: beside the file (`@loader_path`), below its run paths (`@rpath`), or at "
            "an absolute path. Names that any installed library bears are not counted, because an image that is "
            "already loaded satisfies them; neither are plugins that some other program loads when asked. The Metal "
            "plugin's own libraries are judged by LNK001. It is an error for Python itself and for what TensorFlow "
            "needs, and a warning for other packages."
        ),
        why="The import that loads the file ends in `Library not loaded`, TensorFlow or not.",
        see="Run `otool -L FILE` and `otool -l FILE | grep -A2 LC_RPATH`, and look at each path.",
        fix=(
            "Install the package that owns the asking file again. For Python's own modules (`lib-dynload`) make the "
            "environment anew: its interpreter lost a library, often OpenSSL in a conda environment."
        ),
        sources=(
            Source("dyld(1)", "https://keith.github.io/xcode-man-pages/dyld.1.html"),
            Source(
                "apple/tensorflow_macos#153: _ssl without libssl",
                "https://github.com/apple/tensorflow_macos/issues/153",
                "2021-04-01",
            ),
        ),
    ),
)
