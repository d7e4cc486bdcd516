"""Which TensorFlow goes with which GPU plugin: the typed reader of `pairings.toml` and `links.toml`.

Evidence has grades and they are kept apart: a pair *links* (measured), is *stated* by the provider, is *reported* to
work or to be bad. A patch release counts like its sibling where somebody stated or reported that it works, because a
minor keeps its C++ interface; a bad report counts for exactly the versions that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("pairings.toml")
_MEASURED = Path(__file__).with_name("links.toml")
_NUMBERS = re.compile(r"\d+")
_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:(a|b|rc)(\d+))?")
_FINAL = 99
"""Stands for "no pre-release" in a sort key, after any release candidate."""


class Outcome(StrEnum):
    """What a report says of a pair."""

    WORKS = "works"
    DOES_NOT_LOAD = "does-not-load"
    CRASHES = "crashes"
    FAILS_TO_TRAIN = "fails-to-train"
    WRONG_RESULTS = "wrong-results"


@record(frozen=True, slots=True)
class PairingSource:
    """Where a row comes from."""

    title: str
    date: str
    """ISO date of the source, or of the day it was read or measured."""
    url: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class TensorflowRelease:
    """One release of TensorFlow for macOS arm64 that has code in it."""

    version: str
    install: str
    """What to ask pip for: ``"tensorflow"`` or, up to 2.15.0, ``"tensorflow-macos"``."""
    pythons: tuple[str, ...]
    """Python minors that it has wheels for, e.g. ``"3.11"``."""
    wheel_macos: str
    """Oldest macOS that the wheel tag admits."""


@record(frozen=True, slots=True, kw_only=True)
class PluginRelease:
    """One release of Apple's tensorflow-metal for macOS arm64."""

    version: str
    pythons: tuple[str, ...]
    wheel_macos: str
    minos: str | None
    """Oldest macOS that the library itself was built for; `None` where nobody measured it."""
    stated: tuple[str, ...]
    """TensorFlow minors that Apple's table names for it; ``"2.18+"`` is open at its end."""
    sha256: frozenset[str] = frozenset()
    """Of the library, lower-case hexadecimal; one for each different wheel."""
    uuid: frozenset[str] = frozenset()
    """LC_UUID of the library, upper-case with hyphens."""


@record(frozen=True, slots=True, kw_only=True)
class PairReport:
    """What somebody saw."""

    tensorflow: str
    plugin: str
    outcome: Outcome
    says: str
    source: PairingSource
    whole_plugin: bool = False
    """The reports name many TensorFlow versions: a defect of the plugin that no other pair avoids."""


@record(frozen=True, slots=True, kw_only=True)
class CommunityPlugin:
    """What the authors of the community's plugin state about it."""

    distribution: str
    versions: tuple[str, ...]
    newest: str
    needs_tensorflow: str
    """The one TensorFlow minor that it accepts; it compares when it is loaded."""
    needs_python: str
    needs_macos: str
    skip_variable: str
    """Environment variable that switches the comparison off."""
    hide_variable: str
    """Environment variable that makes it offer no device."""
    other_versions: str
    """What is known of the releases before the newest, which stands in place of `needs_tensorflow`."""
    build: tuple[str, ...]
    """What builds it, as requirement lines: it is published as source alone."""
    conditions: tuple[str, ...]
    """What it asks for, in words."""
    costs: tuple[str, ...]
    """What one gets into with it, in words."""
    source: PairingSource
    measured: str
    """What was measured of it without building it, in words."""
    measured_source: PairingSource

    def doubt(self, version: str) -> str | None:
        """Why nobody knows which TensorFlow that release accepts; `None` for the newest, whose authors say so."""
        if version == self.newest:
            return None
        return self.other_versions if version in self.versions else f"{self.newest} is the newest that is known"


@record(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known of one pair."""

    links: bool | None
    """Whether the wheels link; `None` where that pair was not measured."""
    stated: bool
    """Whether Apple's table names it."""
    works: tuple[PairReport, ...]
    """Reports that it works, of these versions or of their sibling patches."""
    bad: tuple[PairReport, ...]
    """Reports that exactly this pair crashes, fails to train or computes wrongly."""
    whole_plugin: tuple[PairReport, ...]
    """Reports of defects that the plugin has with every TensorFlow."""

    @property
    def vouched(self) -> bool:
        """Whether Apple or a report says that it works."""
        return self.stated or bool(self.works)


@record(frozen=True, slots=True, kw_only=True)
class Pairings:
    """The whole table."""

    tensorflow: tuple[TensorflowRelease, ...]
    plugins: tuple[PluginRelease, ...]
    loads: dict[str, frozenset[str]]
    """Plugin version to the TensorFlow versions that it was measured to link with."""
    fails: dict[str, frozenset[str]]
    said: dict[tuple[str, str], str]
    """(TensorFlow, plugin) of each pair that does not link to what dyld says of the first thing that is missing."""
    reports: tuple[PairReport, ...]
    community: CommunityPlugin
    apple_distribution: str
    links_source: PairingSource
    stated_source: PairingSource
    sources: dict[str, PairingSource] = field(default_factory=dict)

    def plugin(self, version: str) -> PluginRelease | None:
        """The release of Apple's plugin, or `None` for a version that was never published."""
        return next((release for release in self.plugins if release.version == version), None)

    def identified(self, *, sha256: str | None = None, uuid: str | None = None) -> PluginRelease | None:
        """The newest release whose library has this hash or this LC_UUID, or `None` for a library of somebody else.

        A library that was signed anew has another hash and its old UUID.
        """
        for release in reversed(self.plugins):
            if sha256 in release.sha256 or uuid in release.uuid:
                return release
        return None

    def release(self, version: str) -> TensorflowRelease | None:
        """The release of TensorFlow, or `None` for one that is not listed."""
        return next((release for release in self.tensorflow if release.version == version), None)

    def links(self, tensorflow: str, plugin: str) -> bool | None:
        """Whether the pair links, by measurement: of the pair itself or of a sibling patch; `None` if neither was."""
        if tensorflow in self.loads.get(plugin, ()):
            return True
        if tensorflow in self.fails.get(plugin, ()):
            return False
        siblings = {True: self.loads.get(plugin, ()), False: self.fails.get(plugin, ())}
        found = {answer for answer, known in siblings.items() if any(same_minor(tensorflow, each) for each in known)}
        return found.pop() if len(found) == 1 else None

    def evidence(self, tensorflow: str, plugin: str) -> Evidence:
        """Everything known of the pair."""
        here = [report for report in self.reports if same_minor(report.plugin, plugin)]
        near = [report for report in here if same_minor(report.tensorflow, tensorflow) and not report.whole_plugin]
        exact = [report for report in near if (report.tensorflow, report.plugin) == (tensorflow, plugin)]
        releases = [release for release in self.plugins if same_minor(release.version, plugin)]
        return Evidence(
            links=self.links(tensorflow, plugin),
            stated=any(_covers(row, tensorflow) for release in releases for row in release.stated),
            works=tuple(report for report in near if report.outcome is Outcome.WORKS),
            bad=tuple(report for report in exact if report.outcome not in (Outcome.WORKS, Outcome.DOES_NOT_LOAD)),
            whole_plugin=tuple(report for report in here if report.whole_plugin),
        )


def same_minor(left: str, right: str) -> bool:
    """Whether two versions are patches of one minor, e.g. 2.18.0 and 2.18.1."""
    minor = _minor(left)
    return minor is not None and minor == _minor(right)


def version_key(version: str) -> tuple[int, int, int, int]:
    """A sort key for the versions of this table: numbers, with release candidates before the release.

    Raises `ValueError` for text that is no such version.
    """
    match = _RELEASE.match(version)
    if match is None:
        message = f"{version!r} is no version"
        raise ValueError(message)
    major, minor, patch, kind, number = match.groups()
    return int(major), int(minor), int(patch or 0), _FINAL if kind is None else int(number)


def at_least(version: str, floor: str) -> bool:
    """Whether a dotted version such as a macOS version is not below `floor`; missing parts count as 0."""
    left = [int(part) for part in _NUMBERS.findall(version)]
    right = [int(part) for part in _NUMBERS.findall(floor)]
    width = max(len(left), len(right))
    return left + [0] * (width - len(left)) >= right + [0] * (width - len(right))


def best_plugin_for(tensorflow_version: str, python_version: str, macos_version: str | None = None) -> str | None:
    """The release of tensorflow-metal to install beside this TensorFlow, or `None` where none can be named.

    It links, Apple or a report vouches for the pair, it has a wheel for this Python, runs on this macOS (where that is
    known), and no report says that the pair is bad. Of several, one that Apple states comes first, then the newest.
    """
    table = load()
    pairs = [(tensorflow_version, plugin.version) for plugin in _offered(table, python_version, macos_version)]
    good = [(known.stated, version_key(pair[1]), pair[1]) for pair, known in _good(table, pairs)]
    return max(good)[-1] if good else None


def recommended_pair(python_version: str, macos_version: str | None = None) -> tuple[str, str] | None:
    """The (TensorFlow, tensorflow-metal) versions to install for this Python, or `None` where no pair exists."""
    return next(iter(good_pairs(python_version, macos_version)), None)


@cache
def good_pairs(python_version: str, macos_version: str | None = None) -> tuple[tuple[str, str], ...]:
    """Every (TensorFlow, tensorflow-metal) to choose from for this Python, the best first.

    Chosen by evidence: pairs that link, run on this macOS (where that is known) and that nobody reports as bad; among
    them those reported to work and stated by Apple before those with only one of the two; then the newest.
    """
    table = load()
    python = python_minor(python_version)
    plugins = _offered(table, python_version, macos_version)
    pairs = [
        (release.version, plugin.version)
        for release in table.tensorflow
        if python in release.pythons and _runs_on(release.wheel_macos, macos_version)
        for plugin in plugins
    ]
    graded = [
        (known.stated + bool(known.works), version_key(pair[0]), version_key(pair[1]), pair)
        for pair, known in _good(table, pairs)
    ]
    return tuple(each[-1] for each in sorted(graded, reverse=True))


def proof(tensorflow: str, plugin: str) -> str:
    """On what grounds a pair is recommended, and by whom: ``"links (measured …), stated by Apple (…)"``."""
    table = load()
    known = table.evidence(tensorflow, plugin)
    grounds = []
    if known.links:
        grounds.append(f"links (measured {table.links_source.date})")
    if known.stated:
        grounds.append(f"stated by Apple ({table.stated_source.date})")
    grounds += [
        f"TensorFlow {report.tensorflow} with {report.plugin} reported to work ({report.source.title})"
        for report in known.works
    ]
    return "; ".join(grounds)


def installs_as(tensorflow_version: str) -> str:
    """The requirement that installs this TensorFlow whole, e.g. ``"tensorflow==2.19.1"``."""
    release = load().release(tensorflow_version)
    return f"{release.install if release else 'tensorflow'}=={tensorflow_version}"


def community_release() -> TensorflowRelease:
    """The newest TensorFlow that the community's plugin accepts."""
    table = load()
    accepted = (each for each in table.tensorflow if same_minor(each.version, table.community.needs_tensorflow))
    return max(accepted, key=lambda each: version_key(each.version))


def pythons_with_plugin() -> tuple[str, ...]:
    """Python minors that any release of tensorflow-metal has wheels for, oldest first."""
    return tuple(sorted({python for plugin in load().plugins for python in plugin.pythons}, key=version_key))


def python_minor(version: str) -> str:
    """``"3.11"`` of ``"3.11.7"``."""
    return ".".join(version.split(".")[:2])


def _offered(table: Pairings, python_version: str, macos_version: str | None) -> list[PluginRelease]:
    """The plugins that can be installed on this Python and, where it is known, on this macOS."""
    python = python_minor(python_version)
    return [
        plugin
        for plugin in table.plugins
        if python in plugin.pythons
        and _runs_on(plugin.wheel_macos, macos_version)
        and _runs_on(plugin.minos, macos_version)
    ]


def _runs_on(floor: str | None, macos_version: str | None) -> bool:
    return floor is None or macos_version is None or at_least(macos_version, floor)


def _good(table: Pairings, pairs: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Evidence]]:
    """The pairs that link, that somebody vouches for and that no report calls bad, with what is known of them."""
    for pair in pairs:
        known = table.evidence(*pair)
        if known.links and known.vouched and not known.bad:
            yield pair, known


def _minor(version: str) -> tuple[int, int] | None:
    """Major and minor number, `None` for text that is no version."""
    match = _RELEASE.match(version)
    return (int(match[1]), int(match[2])) if match else None


def _covers(row: str, tensorflow: str) -> bool:
    """Whether a row of Apple's table (``"2.17"`` or ``"2.18+"``) takes in this TensorFlow."""
    minor, stated = _minor(tensorflow), _minor(row)
    if minor is None or stated is None:
        return False
    return minor >= stated if row.endswith("+") else minor == stated


@cache
def load() -> Pairings:
    """Read the table that ships with m1doctor, once."""
    import tomllib  # noqa: PLC0415 - only a run that has a plugin to judge pays for it

    documents = (tomllib.loads(path.read_text(encoding="utf-8")) for path in (_DATA, _MEASURED))
    return _from_documents(*documents)


def _from_documents(document: dict[str, Any], links: dict[str, Any]) -> Pairings:
    sources = {name: PairingSource(**row) for name, row in document["sources"].items()}
    sources |= {name: PairingSource(title=links[name], date=links["date"]) for name in ("index", "measured")}
    community, stated = document["community"], document["stated"]
    return Pairings(
        tensorflow=tuple(
            TensorflowRelease(
                version=row["version"],
                install=row["install"],
                pythons=tuple(row["pythons"]),
                wheel_macos=row["wheel_macos"],
            )
            for row in links["tensorflow"]
        ),
        plugins=tuple(
            PluginRelease(
                version=row["version"],
                pythons=tuple(row["pythons"]),
                wheel_macos=row["wheel_macos"],
                minos=row["minos"],
                stated=tuple(stated.get(row["version"], ())),
                sha256=frozenset(row["sha256"]),
                uuid=frozenset(row["uuid"]),
            )
            for row in links["plugin"]
        ),
        loads={plugin: frozenset(versions) for plugin, versions in links["loads"].items()},
        fails={plugin: frozenset(versions) for plugin, versions in links["fails"].items()},
        said={
            (tensorflow, plugin): row["words"]
            for row in links["said"]
            for plugin in row["plugins"]
            for tensorflow in row["tensorflow"]
        },
        reports=tuple(
            PairReport(
                tensorflow=row["tensorflow"],
                plugin=row["plugin"],
                outcome=Outcome(row["outcome"]),
                says=row["says"],
                source=sources[row["source"]],
                whole_plugin=row.get("scope") == "plugin",
            )
            for row in document["report"]
        ),
        community=CommunityPlugin(
            distribution=community["distribution"],
            versions=tuple(community["versions"]),
            newest=community["newest"],
            needs_tensorflow=community["needs_tensorflow"],
            needs_python=community["needs_python"],
            needs_macos=community["needs_macos"],
            skip_variable=community["skip_variable"],
            hide_variable=community["hide_variable"],
            other_versions=community["other_versions"],
            build=tuple(community["build"]),
            conditions=tuple(community["conditions"]),
            costs=tuple(community["costs"]),
            source=sources[community["source"]],
            measured=community["measured"],
            measured_source=sources[community["measured_source"]],
        ),
        apple_distribution=document["apple"]["distribution"],
        links_source=sources["measured"],
        stated_source=sources["apple-table"],
        sources=sources,
    )
