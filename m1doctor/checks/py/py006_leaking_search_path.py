"""PY006 leaking-search-path: something puts other packages in front of the environment's own."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.interpreter import SearchPathLeak, Shadow
from m1doctor.model.remedy import Remedy, Step, manual

_PLUGINS = "tensorflow-plugins"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report folders that hide packages which TensorFlow needs; what hides others is only worth a remark."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    needed = _needed(facts)
    for leak in facts.interpreter.leaks or ():
        if leak.source == "PYTHONHOME":
            yield _other_home(leak)
            continue
        if not leak.shadows:
            continue
        matter = [shadow for shadow in leak.shadows if needed is None or shadow.name in needed]
        yield Finding(
            level=Level.WARNING if matter else Level.NOTE,
            message=_message(leak, matter or list(leak.shadows), matters=bool(matter)),
            expected="the environment's own packages first",
            evidence=tuple(_told(shadow, leak) for shadow in leak.shadows),
            remedy=Remedy(summary=f"Keep {leak.folder} out of this environment.", steps=(_step(leak),)),
        )


def _needed(facts: Facts) -> frozenset[str] | None:
    """Distributions and modules that TensorFlow needs; `None` where the packages are unknown."""
    if facts.packages is None:
        return None
    names = needed_for_tensorflow(facts.packages)
    modules = {
        module for each in facts.packages.distributions if each.normalized_name in names for module in each.top_level
    }
    return names | modules | {_PLUGINS}


def _message(leak: SearchPathLeak, shadows: list[Shadow], *, matters: bool) -> str:
    first = shadows[0]
    what = f"{first.name} {first.front} hides {first.behind}" if first.front else f"its {first.name} comes first"
    more = f", and {len(shadows) - 1} more" if len(shadows) > 1 else ""
    of_interest = "" if matters else " (nothing that TensorFlow needs)"
    return f"{_source(leak)} {leak.folder} stands in front of the environment: {what}{more}{of_interest}."


def _source(leak: SearchPathLeak) -> str:
    if leak.source == "PYTHONPATH":
        return "PYTHONPATH:"
    if leak.source == "user site":
        return "The user's own package folder"
    return f"{leak.source} adds"


def _told(shadow: Shadow, leak: SearchPathLeak) -> str:
    if shadow.front is not None:
        return f"{shadow.name} {shadow.front} in {leak.folder} hides {shadow.name} {shadow.behind}"
    if shadow.name == _PLUGINS:
        return f"{leak.folder}/{_PLUGINS}: TensorFlow loads every library in it"
    return f"module {shadow.name} in {leak.folder} hides the one of the environment"


def _step(leak: SearchPathLeak) -> Step:
    if leak.source == "PYTHONPATH":
        return manual("Take that folder out of PYTHONPATH, where your shell sets it (~/.zshrc, ~/.bash_profile).")
    if leak.source == "user site":
        return manual(
            "Set PYTHONNOUSERSITE=1 for this environment, or uninstall those packages from the user folder with the "
            "Python that put them there. A virtual environment leaves the user folder out by itself."
        )
    return manual(f"Delete the line from {leak.source}, or uninstall the package that wrote it.")


def _other_home(leak: SearchPathLeak) -> Finding:
    return Finding(
        level=Level.WARNING,
        message=f"PYTHONHOME is set to {leak.folder}: every Python then uses the library of that one.",
        expected="no PYTHONHOME",
        evidence=(f"PYTHONHOME={leak.folder}",),
        remedy=Remedy(
            summary="Remove PYTHONHOME.",
            steps=(manual("Remove the line that sets PYTHONHOME from your shell's start-up file, and start it anew."),),
        ),
    )


CHECK = Check(
    id="PY006",
    slug="leaking-search-path",
    level=Level.WARNING,
    stage=Stage.INTERPRETER,
    needs=("interpreter.leaks",),
    judge=judge,
    passes="Nothing stands in front of the environment's own packages.",
    page=Page(
        what=(
            "Python looks into other folders before those of the environment: PYTHONPATH, the user's own package "
            "folder (`pip install --user`), or a folder that a `.pth` file names. One of them holds packages that the "
            "environment has too, in another version, and its copies are the ones that are imported."
        ),
        why=(
            "What pip lists is then not what runs: NumPy of another version, an old protobuf, a stale plugin. "
            "TensorFlow also loads every library that it finds in `tensorflow-plugins` of the user's folder. conda "
            "environments let the user's folder in by default; virtual environments do not."
        ),
        see=(
            "`python -c 'import sys; print(*sys.path, sep=chr(10))'` prints the folders in their order, and "
            "`python -m site` says whether the user's folder is on."
        ),
        fix=(
            "Take the folder off the path: unset PYTHONPATH, set PYTHONNOUSERSITE=1, or delete the `.pth` line. "
            "Installing the right version into the environment does not help, because the other one still comes first."
        ),
        sources=(
            Source("Python documentation: site", "https://docs.python.org/3/library/site.html", "2026-11-23"),
            Source(
                "Python documentation: PYTHONPATH and PYTHONNOUSERSITE",
                "https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH",
                "2026-11-23",
            ),
        ),
    ),
)
