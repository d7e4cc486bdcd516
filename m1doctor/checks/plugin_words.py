"""What the checks on plugin libraries share: when they apply, what a library is called, and which pair to install."""

from __future__ import annotations

from m1doctor.checks.install_steps import install, uninstall
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.names import normalized
from m1doctor.model.plugins import LinkStatus, Plugin, Provider
from m1doctor.model.remedy import Remedy, Step, manual

VARIABLE = "TF_PLUGGABLE_DEVICE_LIBRARY_PATH"


def applies(facts: Facts) -> str | None:
    """The checks on plugins apply where there is a plugin library."""
    assert facts.plugins is not None  # noqa: S101 - every check that uses this needs `plugins`
    if facts.plugins.libraries:
        return None
    if facts.interpreter is not None and facts.interpreter.apple_silicon_target:
        return "there is no plugin library to judge"
    return "the target is not a native Python on Apple silicon and has no plugin library"


def applies_to_links(facts: Facts) -> str | None:
    """As `applies`, for checks on links: those of ELF libraries are not judged."""
    assert facts.plugins is not None  # noqa: S101 - as above
    reason = applies(facts)
    if reason is None and not facts.plugins.links_judged:
        return "there is no Mach-O plugin library"
    return reason


def with_status(facts: Facts, status: LinkStatus) -> list[Plugin]:
    """The libraries with that link verdict, each file once, by the first of the ways to it."""
    assert facts.plugins is not None  # noqa: S101 - as above
    by_file: dict[str, Plugin] = {}
    for plugin in facts.plugins.libraries:
        if plugin.link is not None and plugin.link.status is status:
            by_file.setdefault(plugin.real_path, plugin)
    return list(by_file.values())


def label(plugin: Plugin) -> str:
    """What a person would call the library: its release by content, else who claims it, else its path."""
    if plugin.version is not None:
        return f"{pairings.load().apple_distribution} {plugin.version}"
    return " and ".join(plugin.distributions) or plugin.path


def community_doubt(plugin: Plugin) -> str | None:
    """Why it is not known which TensorFlow this release of the community's plugin accepts; `None` where it is.

    A library that no distribution claims has no version, and is held to be of the newest release.
    """
    community = pairings.load().community
    if plugin.provider is not Provider.COMMUNITY:
        return None
    versions = (each.rpartition(" ") for each in plugin.distributions)
    return next(
        (community.doubt(version) for name, _, version in versions if normalized(name) == community.distribution), None
    )


def tensorflow_label(facts: Facts) -> str:
    """``"TensorFlow 2.18.1"``, or without the version where that is unknown."""
    version = facts.plugins.tensorflow_version if facts.plugins else None
    return f"TensorFlow {version}" if version else "this TensorFlow"


def origin(plugin: Plugin) -> str:
    """How TensorFlow comes upon the library, for the evidence."""
    return f"{plugin.path} (found through {plugin.origin})"


def pair_remedy(facts: Facts, plugin: Plugin) -> Remedy:
    """What to install so that TensorFlow has a plugin that loads: exact versions for this Python, or the truth."""
    if plugin.origin == VARIABLE:
        return Remedy(
            summary=f"Take {VARIABLE} out of the environment, or point it at a plugin for this TensorFlow.",
            steps=(manual(f"Run unset {VARIABLE}, and delete the line of your shell profile that sets it."),),
        )
    if plugin.provider is Provider.COMMUNITY:
        return community_remedy(facts)
    if not plugin.distributions:
        return Remedy(
            summary="Move the library away: no installed package claims it, so it is left from an earlier one.",
            steps=(manual(f"Move {plugin.path} out of its folder."),),
        )
    if plugin.provider is Provider.OTHER:
        names = [each.rpartition(" ")[0] for each in plugin.distributions]
        return Remedy(
            summary=f"Ask the makers of {' and '.join(names)} for a release for this TensorFlow, or remove it.",
            steps=(uninstall(facts, "Remove the plugin.", *names),),
        )
    return _apple_remedy(facts, plugin)


def _apple_remedy(facts: Facts, plugin: Plugin) -> Remedy:
    """Another plugin for this TensorFlow; else another pair for this Python; else none."""
    apple = pairings.load().apple_distribution
    python = facts.interpreter.version if facts.interpreter else None
    macos = facts.host.macos_version if facts.host else None
    tensorflow = facts.plugins.tensorflow_version if facts.plugins else None
    if python is None:
        return _any_python(macos)
    best = pairings.best_plugin_for(tensorflow, python, macos) if tensorflow else None
    if tensorflow is not None and best is not None and best == plugin.version:
        wanted = (pairings.installs_as(tensorflow), f"{apple}=={best}")
        return Remedy(
            summary="As published, this pair links: files of the two are not those of their wheels.",
            steps=(install(facts, "Lay both down anew.", *wanted, again=True),),
        )
    if tensorflow is not None and best is not None:
        return Remedy(
            summary=f"Install {apple} {best}, which goes with TensorFlow {tensorflow}: "
            f"{pairings.proof(tensorflow, best)}.",
            steps=(
                install(facts, "Install the plugin of this TensorFlow.", f"{apple}=={best}"),
                *_afterwards(tensorflow, best),
            ),
        )
    pair = pairings.recommended_pair(python, macos)
    if pair is not None:
        return Remedy(
            summary=f"Move to TensorFlow {pair[0]} with {apple} {pair[1]}, the pair for Python "
            f"{pairings.python_minor(python)}: {pairings.proof(*pair)}.",
            steps=(
                install(facts, "Install the pair.", pairings.installs_as(pair[0]), f"{apple}=={pair[1]}"),
                *_afterwards(*pair),
            ),
        )
    after_update = pairings.recommended_pair(python)
    return _no_pair(facts, python, macos) if after_update is None else _update_first(facts, *after_update)


def _any_python(macos: str | None) -> Remedy:
    """Which Python it is cannot be told: name the pair of each."""
    apple = pairings.load().apple_distribution
    pairs: dict[tuple[str, str], list[str]] = {}
    for python in pairings.pythons_with_plugin():
        pair = pairings.recommended_pair(python, macos)
        if pair is not None:
            pairs.setdefault(pair, []).append(python)
    return Remedy(
        summary="Install the pair of its Python; which Python this environment is for cannot be told.",
        steps=tuple(
            manual(f"On Python {', '.join(pythons)}: {pairings.installs_as(pair[0])} {apple}=={pair[1]}.")
            for pair, pythons in pairs.items()
        ),
    )


def _afterwards(tensorflow: str, plugin: str) -> tuple[Step, ...]:
    """Compare GPU and CPU, where reports say that the plugin computes wrongly whatever TensorFlow is beside it."""
    reports = pairings.load().evidence(tensorflow, plugin).whole_plugin
    return tuple(
        manual(
            f"Compare a result of the GPU with the CPU's: with any TensorFlow, {report.says} ({report.source.title})."
        )
        for report in reports[:1]
    )


def _update_first(facts: Facts, tensorflow: str, plugin: str) -> Remedy:
    """This macOS is older than every plugin that could serve this Python."""
    table = pairings.load()
    release = table.plugin(plugin)
    minimum = (release.minos if release else None) or "a newer version"
    wanted = (pairings.installs_as(tensorflow), f"{table.apple_distribution}=={plugin}")
    return Remedy(
        summary=f"No plugin for this Python runs on this macOS: update macOS to {minimum} or newer first.",
        steps=(
            manual(f"Update macOS to {minimum} or newer (System Settings, General, Software Update)."),
            install(facts, "Install the pair.", *wanted),
        ),
    )


def _no_pair(facts: Facts, python: str, macos: str | None) -> Remedy:
    """There is no pair of Apple's for this Python: say so, and name the ways out."""
    table = pairings.load()
    newest = pairings.pythons_with_plugin()[-1]
    pair = pairings.recommended_pair(newest, macos)
    steps: list[Step] = [
        uninstall(
            facts, "Remove the plugin; TensorFlow then imports and computes on the CPU.", table.apple_distribution
        )
    ]
    if pair is not None:
        steps.append(
            manual(
                f"For the GPU, make an environment with Python {newest} and install "
                f"{pairings.installs_as(pair[0])} {table.apple_distribution}=={pair[1]} in it."
            )
        )
    community = table.community
    if pairings.at_least(python, community.needs_python) and (
        macos is None or pairings.at_least(macos, community.needs_macos)
    ):
        steps.append(
            manual(
                f"Or stay on this Python and use the community's {community.distribution} {community.newest}: it needs "
                f"TensorFlow {community.needs_tensorflow} and macOS {community.needs_macos}, and is built on install."
            )
        )
    return Remedy(
        summary=f"Apple has no plugin that loads on Python {pairings.python_minor(python)}: use another Python for the "
        "GPU, or remove the plugin.",
        steps=tuple(steps),
    )


def community_remedy(facts: Facts) -> Remedy:
    """TensorFlow first, then the community's plugin, built against it: two commands."""
    community = pairings.load().community
    release = pairings.community_release().version
    return Remedy(
        summary=f"Give {community.distribution} the TensorFlow that it accepts, {release}, and build it anew.",
        steps=(
            install(facts, "Install TensorFlow first.", pairings.installs_as(release)),
            install(
                facts,
                "Then build the plugin against it.",
                f"{community.distribution}=={community.newest}",
                again=True,
            ),
        ),
    )
