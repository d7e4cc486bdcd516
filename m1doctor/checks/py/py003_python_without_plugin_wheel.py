"""PY003 python-without-plugin-wheel: no GPU plugin for TensorFlow is published for this Python version."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import named
from m1doctor.checks.rebuild import native_environment
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def applies(facts: Facts) -> str | None:
    """On an Apple silicon target, or where somebody installed a GPU plugin."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    if facts.interpreter.apple_silicon_target or _plugin_installed(facts):
        return None
    return "this is no environment for Apple silicon, and no GPU plugin is installed"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a Python that neither provider of a Metal plugin serves."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    assert facts.interpreter.version is not None  # noqa: S101 - declared in `needs`
    interpreter = facts.interpreter
    minor = pairings.python_minor(facts.interpreter.version)
    table = pairings.load()
    offered = pairings.pythons_with_plugin()
    cpython = interpreter.implementation == "cpython"
    if cpython and minor in offered:
        return
    community = _community_can_serve(minor) and cpython
    if community and facts.packages is not None and facts.packages.find(table.community.distribution):
        return
    span = f"{offered[0]} to {offered[-1]}"
    kind = "" if cpython else f" ({interpreter.implementation})"
    evidence = [f"wheels of {table.apple_distribution} exist for CPython {', '.join(offered)}"]
    if community:
        evidence.append(
            f"{table.community.distribution} (not Apple's) is built from source for Python "
            f"{table.community.needs_python} and later, with TensorFlow {table.community.needs_tensorflow} only"
        )
    yield Finding(
        level=Level.ERROR,
        message=f"{table.apple_distribution} has no wheel for {named(interpreter)}{kind}: Apple's are for {span}.",
        expected=f"CPython {span}",
        evidence=tuple(evidence),
        remedy=_remedy(facts, table.community, community=community),
    )


def _remedy(facts: Facts, plugin: pairings.CommunityPlugin, *, community: bool) -> Remedy:
    newest = pairings.pythons_with_plugin()[-1]
    remedy = native_environment(facts, f"Build an environment with Python {newest} beside this one.")
    if not community:
        return remedy
    other = manual(
        f"Or stay with this Python and use the community's {plugin.distribution} {plugin.newest}: install "
        f"TensorFlow {plugin.needs_tensorflow} first, then the plugin in a second command. It is compiled on this Mac, "
        f"needs macOS {plugin.needs_macos} and its SDK, and takes no other TensorFlow."
    )
    return Remedy(summary=remedy.summary, steps=(*remedy.steps, other))


def _community_can_serve(minor: str) -> bool:
    least = pairings.load().community.needs_python
    return pairings.at_least(minor, least) and minor in pairings.community_release().pythons


def _plugin_installed(facts: Facts) -> bool:
    if facts.plugins is not None and facts.plugins.libraries:
        return True
    table = pairings.load()
    names = (table.apple_distribution, table.community.distribution)
    return facts.packages is not None and any(facts.packages.find(name) for name in names)


def _passes(facts: Facts) -> str:
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    return f"A GPU plugin exists for Python {pairings.python_minor(facts.interpreter.version or '')}."


CHECK = Check(
    id="PY003",
    slug="python-without-plugin-wheel",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.version",),
    applies=applies,
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "Apple publishes tensorflow-metal as wheels for certain Python versions only; the last release, 1.2.0 of "
            "January 2025, has them for 3.9 to 3.12. This Python is another one."
        ),
        why=(
            "pip answers `No matching distribution found for tensorflow-metal`, or TensorFlow is installed without "
            "the plugin and computes on the CPU. For 3.13 there is no way around it: TensorFlow's own wheels for 3.13 "
            "begin with 2.20, which no release of Apple's plugin can be loaded into."
        ),
        see="`python --version`; the file names on the plugin's download page carry cp39 to cp312.",
        fix=(
            "Make an environment with a Python that the plugin has wheels for. The community's tensorflow-metal-plugin "
            "serves newer Pythons with TensorFlow 2.21, built from source on macOS 15 or later; it is not Apple's, and "
            "the two must not be installed together."
        ),
        sources=(
            Source("Python Package Index: files of tensorflow-metal 0.1.0 to 1.2.0", date="2026-11-23"),
            Source("Python Package Index: description of tensorflow-metal-plugin 0.4.1", date="2026-09-22"),
            Source(
                "tensorflow#126380: Add a Metal PluggableDevice plugin for Apple silicon",
                "https://github.com/tensorflow/tensorflow/pull/126380",
                "2026-08-28",
            ),
        ),
    ),
)
