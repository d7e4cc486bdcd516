"""PKG016 foreign-plugin: GPU:0 would come from another plugin than Apple's."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import applies, label, origin
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import Plugin, Provider

_DEVICE = "SE_InitPlugin"
"""The entry point that makes a library offer a device."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Name each library that offers a device and is not Apple's."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    for plugin in facts.plugins.libraries:
        if plugin.provider is Provider.APPLE or _DEVICE not in plugin.registers:
            continue
        yield Finding(
            level=Level.NOTE,
            message=f"The GPU would come from {_whose(plugin)}, not from Apple's tensorflow-metal.",
            evidence=(
                origin(plugin),
                f"told by: {plugin.identified_by or 'it is no library that is known here'}",
                *_stated(plugin),
            ),
            location=Location(path=plugin.path),
        )


def _whose(plugin: Plugin) -> str:
    if plugin.provider is Provider.COMMUNITY:
        return f"the community's plugin ({label(plugin)})"
    return label(plugin)


def _stated(plugin: Plugin) -> list[str]:
    """What the community's plugin asks for, by its authors."""
    if plugin.provider is not Provider.COMMUNITY:
        return []
    community = pairings.load().community
    needs = f"TensorFlow {community.needs_tensorflow}, macOS {community.needs_macos}, Python {community.needs_python}"
    return [f"its authors ask for {needs}", f"{community.hide_variable}=1 makes it offer no device"]


def only_on_macos(facts: Facts) -> str | None:
    """Elsewhere no plugin is Apple's, and none is foreign."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    if facts.interpreter.system != "Darwin":
        return "the target does not run on macOS"
    return applies(facts)


CHECK = Check(
    id="PKG016",
    slug="foreign-plugin",
    level=Level.NOTE,
    stage=Stage.PACKAGES,
    needs=("plugins", "interpreter.system"),
    applies=only_on_macos,
    judge=judge,
    passes="The plugin is Apple's tensorflow-metal.",
    page=Page(
        what=(
            "A library in `tensorflow-plugins` offers a device and is not Apple's: by its content, its exports or the "
            "package that recorded it. `GPU:0` would be that device."
        ),
        why=(
            "Advice on tensorflow-metal (versions, missing kernels, known defects) does not hold for another plugin, "
            "and the other way round. The community's tensorflow-metal-plugin has conditions of its own."
        ),
        see="Run `m1doctor diagnose --format json` and look at `facts.plugins.libraries`.",
        fix="Nothing has to be mended. Know which plugin it is when you report a problem.",
        sources=(Source("tensorflow-metal-plugin 0.4.1, description on the Python Package Index", date="2026-09-22"),),
    ),
)
