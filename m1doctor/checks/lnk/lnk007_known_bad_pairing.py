"""LNK007 known-bad-pairing: the plugin links, and its makers or sourced reports say that the pair does not work."""

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
from m1doctor.knowledge.pairings import Outcome, PairReport
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus, Plugin, Provider

_WORDS = {
    Outcome.CRASHES: "to crash",
    Outcome.FAILS_TO_TRAIN: "to fail when it trains",
    Outcome.WRONG_RESULTS: "to compute wrongly",
}


def judge(facts: Facts) -> Iterator[Finding]:
    """Look each pair that links up among the bad reports; judge the community's plugin by its own condition."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    tensorflow = facts.plugins.tensorflow_version
    assert tensorflow is not None  # noqa: S101 - declared in `needs`
    table = pairings.load()
    for plugin in with_status(facts, LinkStatus.LINKS):
        if plugin.provider is Provider.COMMUNITY:
            yield from _community(facts, plugin, tensorflow)
        elif plugin.version is not None:
            known = table.evidence(tensorflow, plugin.version)
            if known.bad:
                yield _reported(facts, plugin, tensorflow, known)


def _reported(facts: Facts, plugin: Plugin, tensorflow: str, known: pairings.Evidence) -> Finding:
    how = " and ".join(dict.fromkeys(_WORDS[report.outcome] for report in known.bad))
    return Finding(
        level=Level.ERROR,
        message=f"{label(plugin)} with TensorFlow {tensorflow} imports, but is reported {how}.",
        expected="a pair without such reports",
        evidence=(*(_line(report) for report in (*known.bad, *known.works)), origin(plugin)),
        location=Location(path=plugin.path),
        remedy=pair_remedy(facts, plugin),
    )


def _line(report: PairReport) -> str:
    versions = f"TensorFlow {report.tensorflow} with {report.plugin}"
    address = f", {report.source.url}" if report.source.url else ""
    return f"{report.outcome.value}: {versions} {report.says} ({report.source.title}, {report.source.date}{address})"


def _community(facts: Facts, plugin: Plugin, tensorflow: str) -> Iterator[Finding]:
    community = pairings.load().community
    if community_doubt(plugin) is not None:  # LNK004 says so
        return
    if pairings.same_minor(tensorflow, f"{community.needs_tensorflow}.0"):
        return
    yield Finding(
        level=Level.ERROR,
        message=f"{label(plugin)} accepts TensorFlow {community.needs_tensorflow} only, and this is {tensorflow}: it "
        "will load and offer no GPU.",
        expected=f"TensorFlow {community.needs_tensorflow}",
        evidence=(
            f"stated by its authors ({community.source.title}, {community.source.date})",
            f"{community.skip_variable}=1 switches the comparison off, at your own risk",
            origin(plugin),
        ),
        location=Location(path=plugin.path),
        remedy=community_remedy(facts),
    )


CHECK = Check(
    id="LNK007",
    slug="known-bad-pairing",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins.links_judged", "plugins.tensorflow_version"),
    after=("PKG005", "LNK001", "LNK002"),
    applies=applies_to_links,
    judge=judge,
    passes="No report says that this pair crashes, fails to train or computes wrongly.",
    page=Page(
        what=(
            "The plugin loads with this TensorFlow, and is known to fail with it. "
            "The plugin links with this TensorFlow, so it loads. But somebody ran exactly this pair and saw it crash, "
            "fail to train or compute wrongly; the evidence names each report. Of the community's "
            "tensorflow-metal-plugin the authors state which TensorFlow the newest accepts, and here is another."
        ),
        why="The failure comes late, in the middle of training, and its message names neither package.",
        see="Read the reports in the evidence, and run your model once under `tf.device('/CPU:0')` to compare.",
        fix="Install a pair without such reports.",
        sources=(
            Source(
                "tensorflow#64507: protobuf fatal error in TensorFlow 2.16.1",
                "https://github.com/tensorflow/tensorflow/issues/64507",
                "2024-03-26",
            ),
            Source("blog table of tensorflow-metal and tensorflow versions tried on one M1", date="2025-09-11"),
            Source("tensorflow-metal-plugin 0.4.1, description on the Python Package Index", date="2026-09-22"),
        ),
    ),
)
