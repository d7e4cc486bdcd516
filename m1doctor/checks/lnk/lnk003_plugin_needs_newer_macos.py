"""LNK003 plugin-needs-newer-macos: the plugin was built for a newer macOS than this one."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.plugin_words import VARIABLE, applies, label, origin
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import Plugin, Provider
from m1doctor.model.remedy import Remedy, Step, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Compare what each library was built for with what this Mac runs."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    macos = facts.host.macos_version
    assert macos is not None  # noqa: S101 - declared in `needs`
    for plugin in facts.plugins.libraries:
        if plugin.minimum_macos is None or pairings.at_least(macos, plugin.minimum_macos):
            continue
        yield Finding(
            level=Level.ERROR,
            message=f"{label(plugin)} was built for macOS {plugin.minimum_macos}, and this Mac runs {macos}.",
            expected=f"macOS {plugin.minimum_macos} or newer",
            evidence=(
                f"LC_BUILD_VERSION of the library: minos {plugin.minimum_macos}",
                f"kern.osproductversion: {macos}",
                origin(plugin),
            ),
            location=Location(path=plugin.path),
            remedy=_remedy(facts, plugin, macos),
        )


def _remedy(facts: Facts, plugin: Plugin, macos: str) -> Remedy:
    """Update macOS, or take a pair that was built for this one, where there is one."""
    update = manual(f"Update macOS to {plugin.minimum_macos} or newer (System Settings, General, Software Update).")
    steps: list[Step] = [update]
    python = facts.interpreter.version if facts.interpreter else None
    if python is not None and plugin.provider is Provider.APPLE and plugin.origin != VARIABLE:
        apple = pairings.load().apple_distribution
        tensorflow = facts.plugins.tensorflow_version if facts.plugins else None
        best = pairings.best_plugin_for(tensorflow, python, macos) if tensorflow else None
        pair = pairings.recommended_pair(python, macos)
        if tensorflow and best is not None:
            text = f"Or stay on macOS {macos} with {apple} {best}: {pairings.proof(tensorflow, best)}."
            steps.append(install(facts, text, f"{apple}=={best}"))
        elif pair is not None:
            text = f"Or stay on macOS {macos} with TensorFlow {pair[0]} and {apple} {pair[1]}: {pairings.proof(*pair)}."
            steps.append(install(facts, text, pairings.installs_as(pair[0]), f"{apple}=={pair[1]}"))
    return Remedy(summary=f"Update macOS to {plugin.minimum_macos} or newer.", steps=tuple(steps))


def only_with_minimum(facts: Facts) -> str | None:
    """Some library must say what it was built for."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    reason = applies(facts)
    if reason is None and all(plugin.minimum_macos is None for plugin in facts.plugins.libraries):
        return "no plugin library says which macOS it was built for"
    return reason


CHECK = Check(
    id="LNK003",
    slug="plugin-needs-newer-macos",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins", "host.macos_version"),
    applies=only_with_minimum,
    judge=judge,
    passes="The plugin was built for this macOS or an older one.",
    page=Page(
        what=(
            "The plugin was built for a newer macOS than the one that runs. "
            "Every library says which macOS it was built for (LC_BUILD_VERSION, minos). That of the plugin is newer "
            "than this Mac's. The name of its wheel does not tell: the library of tensorflow-metal 1.2.0 says 12.1 "
            "under a wheel tag of 12.0, and that of 0.5.1 says 13.0."
        ),
        why=(
            "The plugin calls classes of Metal Performance Shaders Graph that an older macOS does not have: the import "
            "ends with `Symbol not found: _OBJC_CLASS_$_MPSGraph…` and `built for macOS … which is newer than running "
            "OS`, or the process dies later, when a missing class is used."
        ),
        see="Run `sw_vers -productVersion` and `otool -l libmetal_plugin.dylib | grep -A4 LC_BUILD_VERSION`.",
        fix="Update macOS; or install the pair that was built for this one, where there is one.",
        sources=(
            Source(
                "tensorflow#53309: the plugin of 2021 on macOS 11.6",
                "https://github.com/tensorflow/tensorflow/issues/53309",
                "2026-11-23",
            ),
            Source("measured on the published wheels of tensorflow-metal", date="2026-11-23"),
        ),
    ),
)
