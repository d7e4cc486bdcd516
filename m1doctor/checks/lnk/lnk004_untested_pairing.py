"""LNK004 untested-pairing: the plugin links, and nobody says that it works with this TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import (
    applies_to_links,
    community_doubt,
    community_remedy,
    label,
    origin,
    pair_remedy,
    with_status,
)
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus, Plugin


def judge(facts: Facts) -> Iterator[Finding]:
    """Look each pair of releases up in the table of evidence."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    tensorflow = facts.plugins.tensorflow_version
    assert tensorflow is not None  # noqa: S101 - declared in `needs`
    table = pairings.load()
    for plugin in with_status(facts, LinkStatus.LINKS):
        doubt = community_doubt(plugin)
        if doubt is not None:
            yield _doubtful(facts, plugin, tensorflow, doubt)
        if plugin.version is None:
            continue
        known = table.evidence(tensorflow, plugin.version)
        if known.vouched or known.bad:
            continue
        release = table.plugin(plugin.version)
        stated = ", ".join(release.stated) if release and release.stated else "no TensorFlow"
        yield Finding(
            level=Level.WARNING,
            message=f"{label(plugin)} links with TensorFlow {tensorflow}, but neither Apple nor a report says that the "
            "two work together.",
            expected="a pair that Apple states or that somebody reports to work",
            evidence=(
                f"Apple's table names {stated} for {label(plugin)}",
                f"no report of TensorFlow {_minor(tensorflow)} with {label(plugin)}",
                origin(plugin),
            ),
            location=Location(path=plugin.path),
            remedy=pair_remedy(facts, plugin),
        )


def _doubtful(facts: Facts, plugin: Plugin, tensorflow: str, doubt: str) -> Finding:
    """An older release of the community's plugin, of which its authors say less than of the newest."""
    community = pairings.load().community
    return Finding(
        level=Level.WARNING,
        message=f"{label(plugin)} links with TensorFlow {tensorflow}, but nobody says that the two work together.",
        expected=f"{community.distribution} {community.newest} with TensorFlow {community.needs_tensorflow}",
        evidence=(f"{doubt} ({community.source.title}, {community.source.date})", origin(plugin)),
        location=Location(path=plugin.path),
        remedy=community_remedy(facts),
    )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def only_releases(facts: Facts) -> str | None:
    """Evidence is kept for the published releases of Apple's plugin, where they link; of the community's is doubt."""
    reason = applies_to_links(facts)
    links = with_status(facts, LinkStatus.LINKS)
    if reason is None and not any(plugin.version or community_doubt(plugin) for plugin in links):
        return "no library that links is a published release of Apple's plugin"
    return reason


def passes(facts: Facts) -> str:
    """Say on what grounds the pair is held to work."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    plugin = next(each for each in with_status(facts, LinkStatus.LINKS) if each.version)
    grounds = pairings.proof(facts.plugins.tensorflow_version or "", plugin.version or "")
    return f"TensorFlow {facts.plugins.tensorflow_version} with {label(plugin)}: {grounds}."


CHECK = Check(
    id="LNK004",
    slug="untested-pairing",
    level=Level.WARNING,
    stage=Stage.LINK,
    needs=("plugins.links_judged", "plugins.tensorflow_version"),
    after=("PKG005", "LNK001", "LNK002"),
    applies=only_releases,
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "The plugin loads with this TensorFlow, and nobody says whether the two work. "
            "Every symbol that the plugin asks for is there, so it loads. That is all that is known: Apple's own table "
            "does not name the pair, and no public report says that it trains. A patch release counts as its "
            "siblings do. The community's tensorflow-metal-plugin is here where it is an older release: which "
            "TensorFlow those accept, nobody says."
        ),
        why=(
            "Linking is necessary, not sufficient. Two pairs are known that import and then crash or fail to train; "
            "structures behind unchanged symbols may have changed."
        ),
        see="Compute the same under `tf.device('/GPU:0')` and `tf.device('/CPU:0')` and compare the answers.",
        fix="Install a pair that somebody vouches for; or trust your own comparison of GPU and CPU results.",
        sources=(
            Source(
                "compatibility table in the metadata of tensorflow-metal 1.2.0",
                date="2025-01-31",
            ),
        ),
    ),
)
