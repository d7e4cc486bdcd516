"""What the table of pairings answers: which pair to install on a Python and a macOS, and what is known of each pair.

Nothing is looked up: the answer is as old as the table, and says of what it does not hold that it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cache

from m1doctor.knowledge import pairings
from m1doctor.knowledge.lock_rules import pair_for
from m1doctor.knowledge.pairings import (
    Evidence,
    Outcome,
    Pairings,
    PairingSource,
    PairReport,
    TensorflowRelease,
    at_least,
    community_release,
    installs_as,
    pythons_with_plugin,
    recommended_pair,
    same_minor,
    version_key,
)
from m1doctor.model.provider import Provider
from m1doctor.model.record import record

_PACKAGE_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-.]?(a|b|rc)\.?(\d{1,3}))?", re.ASCII)
_PYTHON_VERSION = re.compile(r"([23]\.\d{1,2})(?:\.\d{1,3})?(?:(?:a|b|rc)\d{1,2})?\+?", re.ASCII)
_MACOS_VERSION = re.compile(r"[1-9]\d(?:\.\d{1,3}){0,3}", re.ASCII)


class Standing(StrEnum):
    """What all that is known of a pair comes to."""

    VOUCHED = "vouched"
    """It loads, Apple or a report says that it works, and no report calls it bad."""
    UNPROVEN = "unproven"
    """It loads, and nobody says that it works: whether it does is unknown."""
    REPORTED_BAD = "reported-bad"
    """It loads, and a report says that it crashes, fails to train or computes wrongly."""
    DOES_NOT_LOAD = "does-not-load"
    UNKNOWN = "unknown"
    """Whether it loads was not measured."""


class Grade(StrEnum):
    """Kinds of evidence, which are never mixed."""

    LINKS = "links"
    """Measured: dyld finds all that the plugin asks for. Necessary, not sufficient."""
    DOES_NOT_LOAD = "does-not-load"
    """Measured or seen: it does not."""
    STATED = "stated"
    """Apple says that the two go together."""
    REPORTED_WORKS = "reported-works"
    REPORTED_BAD = "reported-bad"
    """Somebody saw this very pair fail."""
    REPORTED_BAD_PLUGIN = "reported-bad-plugin"
    """Somebody saw the plugin fail with many releases of TensorFlow: no other pair avoids it."""


@record(frozen=True, slots=True, kw_only=True)
class Ground:
    """One piece of evidence about a pair."""

    grade: Grade
    says: str
    tensorflow: str
    """The release that it is about, which may be a sibling patch of the pair's."""
    plugin: str
    source: PairingSource


@record(frozen=True, slots=True, kw_only=True)
class Pair:
    """A TensorFlow, a release of Apple's plugin, and what is known of the two."""

    tensorflow: str
    plugin: str
    standing: Standing
    loads: bool | None
    """`None` where neither this pair nor a sibling patch was measured."""
    dyld_says: str | None
    """What dyld says of the first thing that is missing; `None` where it loads or is not known."""
    stated: bool
    """Whether Apple's table names the pair, which is no proof."""
    grounds: tuple[Ground, ...]
    pythons: tuple[str, ...]
    """Python minors that both have wheels for."""
    minimum_macos: str | None
    """What both need; `None` where one of the releases is not known."""
    requirements: tuple[str, ...]
    """Lines for pip or a requirements file."""
    obstacles: tuple[str, ...]
    """Why it cannot be installed or run on the Python and macOS that were asked for."""

    @property
    def proofs(self) -> int:
        """On how many kinds of evidence besides the link it stands."""
        return self.stated + any(ground.grade is Grade.REPORTED_WORKS for ground in self.grounds)


@record(frozen=True, slots=True, kw_only=True)
class Community:
    """The community's plugin as a way out: what it takes and what it costs."""

    distribution: str
    version: str
    tensorflow: str
    """The release of TensorFlow to put it beside."""
    other_versions: str
    steps: tuple[str, ...]
    """What to install, each by a command of its own and in this order."""
    obstacles: tuple[str, ...]
    """Why it cannot serve what was asked for; empty where it can, as far as its authors say."""
    pythons: tuple[str, ...]
    """Python minors that it and its TensorFlow take."""
    conditions: tuple[str, ...]
    costs: tuple[str, ...]
    source: PairingSource
    measured: str
    """What was measured of it: it is built where it is installed, so that no file of it can be linked before."""
    measured_source: PairingSource


@record(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to install for the GPU on one Python."""

    python: str
    macos: str | None
    provider: Provider
    """Whose plugin was asked for."""
    pair: Pair | None
    """Apple's; `None` where the community's was asked for."""
    reason: str | None
    """Why what was asked for cannot serve; `None` where it can."""
    after_update: Pair | None
    """The pair that a newer macOS would allow, where it is another one."""
    other_python: str | None
    """The newest Python with a pair of Apple's, where this one has none or the community's plugin was asked for."""
    other_pair: Pair | None
    community: Community | None
    """Where it was asked for, or where Apple's plugin cannot serve and nobody asked for that alone."""
    cpu: str | None
    """What installs the newest TensorFlow for this Python, for the CPU alone; `None` where there is none."""
    alternatives: tuple[Pair, ...] = ()
    """Other pairs that somebody vouches for, the newest of each minor release of TensorFlow; in an `answer` alone."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """What is chosen, in the order of installation; nothing where nothing serves or the user has to decide."""
        if self.pair is not None:
            return self.pair.requirements
        if self.provider is Provider.COMMUNITY and self.community is not None and not self.community.obstacles:
            return self.community.steps
        return ()


@record(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question; `None` where something was left open."""

    python: str | None = None
    macos: str | None = None
    tensorflow: str | None = None
    plugin: str | None = None
    """A release of Apple's plugin; of the community's where that is asked for."""
    provider: Provider = Provider.AUTO


@record(frozen=True, slots=True, kw_only=True)
class Compatibility:
    """The answer."""

    asked: Asked
    choices: tuple[Choice, ...]
    """One for each Python in question; none where a TensorFlow or a plugin was asked for."""
    pairs: tuple[Pair, ...]
    """The pairs in question, the newest first; none where only a Python was asked for."""
    best: Pair | None
    """Of the pairs in question the one to install, where a TensorFlow or a plugin was asked for."""
    instead: Pair | None
    """The pair to move to, where there is no best one."""
    community: Community | None
    """For a TensorFlow that none of Apple's plugins loads with, and where it was asked for."""
    notes: tuple[str, ...]
    unserved: tuple[str, ...]
    """Releases of TensorFlow that none of Apple's plugins loads with, the oldest first."""
    apple_distribution: str
    links_source: PairingSource
    stated_source: PairingSource


def read_python(text: str) -> str | None:
    """``"3.12"`` of ``"3.12.4"``; `None` for what is no version of Python."""
    match = _PYTHON_VERSION.fullmatch(text)
    return match[1] if match else None


def read_macos(text: str) -> str | None:
    """A version of macOS as it is, from 10 on; `None` for what is none."""
    return text if _MACOS_VERSION.fullmatch(text) else None


def read_release(text: str) -> str | None:
    """A version of a package in its usual form, e.g. ``"2.22.0rc0"`` of ``"2.22.0-rc0"``; `None` for what is none."""
    match = _PACKAGE_VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = ".".join(str(int(number)) for number in match.groups()[:3] if number is not None)
    return numbers + (f"{match[4]}{int(match[5])}" if match[4] else "")


def answer(asked: Asked) -> Compatibility:
    """Answer from the table that ships with m1doctor."""
    table = pairings.load()
    if asked.provider is Provider.COMMUNITY:
        return _answer_of_the_community(table, asked)
    asked, notes = _completed(table, asked)
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    best = instead = community = None
    if asked.tensorflow is not None or asked.plugin is not None:
        pairs = _pairs(table, asked)
        best = _best(pairs, asked)
        instead = None if best else _instead(table, asked)
        if asked.tensorflow is not None and asked.provider is Provider.AUTO and not _served(table, asked.tensorflow):
            community = _community(table, asked)
    else:
        pythons = (asked.python,) if asked.python else _pythons(table)
        choices = tuple(_with_alternatives(table, choose(python, asked.macos, asked.provider)) for python in pythons)
        pairs = () if asked.python else _pairs(table, asked)
    return _compatibility(
        table, asked, notes, choices=choices, pairs=pairs, best=best, instead=instead, community=community
    )


def _answer_of_the_community(table: Pairings, asked: Asked) -> Compatibility:
    """What the community's plugin takes there, and the pair of Apple's that serves the same Python."""
    notes: tuple[str, ...] = ()
    if asked.plugin is not None and asked.plugin != table.community.newest:
        name = f"{table.community.distribution} {asked.plugin}"
        listed = asked.plugin in table.community.versions
        notes = (
            f"{name} {'is an older release' if listed else 'is no release of it'}: {table.community.newest} is meant.",
        )
    apples = choose(asked.python, asked.macos, Provider.APPLE) if asked.python else None
    return _compatibility(
        table, asked, notes, instead=apples.pair if apples else None, community=_community(table, asked)
    )


def _compatibility(
    table: Pairings,
    asked: Asked,
    notes: tuple[str, ...],
    *,
    choices: tuple[Choice, ...] = (),
    pairs: tuple[Pair, ...] = (),
    best: Pair | None = None,
    instead: Pair | None = None,
    community: Community | None = None,
) -> Compatibility:
    return Compatibility(
        asked=asked,
        choices=choices,
        pairs=pairs,
        best=best,
        instead=instead,
        community=community,
        notes=notes,
        unserved=tuple(each.version for each in table.tensorflow if not _served(table, each.version)),
        apple_distribution=table.apple_distribution,
        links_source=table.links_source,
        stated_source=table.stated_source,
    )


def _completed(table: Pairings, asked: Asked) -> tuple[Asked, tuple[str, ...]]:
    """The question with whole versions, and what has to be said about them."""
    listed = {
        "TensorFlow": (asked.tensorflow, [release.version for release in table.tensorflow]),
        table.apple_distribution: (asked.plugin, [release.version for release in table.plugins]),
    }
    whole: list[str | None] = []
    notes: list[str] = []
    for name, (version, known) in listed.items():
        found = version
        if version is not None and version not in known:
            siblings = [each for each in known if same_minor(each, version)]
            if siblings and version.count(".") == 1:
                found = siblings[-1]
                notes.append(f"{name} {version} is taken as its newest release, {found}.")
            else:
                notes.append(_not_listed(table, name, version, known, siblings))
        whole.append(found)
    return replace(asked, tensorflow=whole[0], plugin=whole[1]), tuple(notes)


def _not_listed(table: Pairings, name: str, version: str, known: list[str], siblings: list[str]) -> str:
    """What to say of a release that the table does not hold."""
    read = table.sources["index"].date
    words = f"{name} {version} is not among the releases that were published by {read} ({known[0]} to {known[-1]})"
    community = table.community
    if name == table.apple_distribution and version in community.versions:
        return f"{words}; {version} is a release of {community.distribution}, which is not Apple's."
    if siblings:
        return f"{words}: what is said of it here is known of {', '.join(siblings)}."
    return f"{words}: nothing is known of it."


def _pythons(table: Pairings) -> tuple[str, ...]:
    """Every Python that a TensorFlow of the table has wheels for, the newest first."""
    found = {python for release in table.tensorflow for python in release.pythons}
    return tuple(sorted(found, key=version_key, reverse=True))


def _pairs(table: Pairings, asked: Asked) -> tuple[Pair, ...]:
    tensorflows = [asked.tensorflow] if asked.tensorflow else [each.version for each in reversed(table.tensorflow)]
    plugins = [asked.plugin] if asked.plugin else [each.version for each in reversed(table.plugins)]
    return tuple(_pair(table, each, plugin, asked.python, asked.macos) for each in tensorflows for plugin in plugins)


@cache
def _evidence(tensorflow: str, plugin: str) -> Evidence:
    """Asked for many times of each pair in one answer."""
    return pairings.load().evidence(tensorflow, plugin)


def _pair(table: Pairings, tensorflow: str, plugin: str, python: str | None, macos: str | None) -> Pair:
    """All that is known of one pair."""
    known = _evidence(tensorflow, plugin)
    if known.links is None:
        standing = Standing.UNKNOWN
    elif not known.links:
        standing = Standing.DOES_NOT_LOAD
    elif known.bad:
        standing = Standing.REPORTED_BAD
    else:
        standing = Standing.VOUCHED if known.vouched else Standing.UNPROVEN
    release, apple = table.release(tensorflow), table.plugin(plugin)
    floors = [release.wheel_macos, apple.wheel_macos, apple.minos or "0"] if release and apple else []
    return Pair(
        tensorflow=tensorflow,
        plugin=plugin,
        standing=standing,
        loads=known.links,
        dyld_says=None if known.links is not False else _said(table, tensorflow, plugin),
        stated=known.stated,
        grounds=tuple(_grounds(table, tensorflow, plugin)),
        pythons=tuple(each for each in release.pythons if each in apple.pythons) if release and apple else (),
        minimum_macos=_highest(floors),
        requirements=(installs_as(tensorflow), f"{table.apple_distribution}=={plugin}"),
        obstacles=_obstacles(table, tensorflow, plugin, python, macos),
    )


def _highest(floors: list[str]) -> str | None:
    return next((each for each in floors if all(at_least(each, other) for other in floors)), None)


def _said(table: Pairings, tensorflow: str, plugin: str) -> str | None:
    """Dyld's words for the pair, or for a sibling patch where all of them get the same."""
    exact = table.said.get((tensorflow, plugin))
    near = {words for (each, other), words in table.said.items() if other == plugin and same_minor(each, tensorflow)}
    return exact or (near.pop() if len(near) == 1 else None)


def _grounds(table: Pairings, tensorflow: str, plugin: str) -> list[Ground]:
    """What speaks for the pair and against it, the kinds in the order of their weight."""
    known = _evidence(tensorflow, plugin)
    found: list[Ground] = []
    if known.links is not None:
        found.append(_measured(table, tensorflow, plugin, links=known.links))
    if known.stated:
        found.append(
            Ground(
                grade=Grade.STATED,
                says="Apple's table names the two together",
                tensorflow=tensorflow,
                plugin=plugin,
                source=table.stated_source,
            )
        )
    unloaded = [
        report
        for report in table.reports
        if (report.tensorflow, report.plugin) == (tensorflow, plugin) and report.outcome is Outcome.DOES_NOT_LOAD
    ]
    graded = (
        (Grade.REPORTED_WORKS, known.works),
        (Grade.REPORTED_BAD, known.bad),
        (Grade.DOES_NOT_LOAD, unloaded),
        (Grade.REPORTED_BAD_PLUGIN, known.whole_plugin),
    )
    return found + [_reported(grade, report) for grade, reports in graded for report in reports]


def _measured(table: Pairings, tensorflow: str, plugin: str, *, links: bool) -> Ground:
    """The measurement of the pair, or of its newest sibling patch."""
    versions = (table.loads if links else table.fails)[plugin]
    siblings = [version for version in versions if same_minor(version, tensorflow)]
    return Ground(
        grade=Grade.LINKS if links else Grade.DOES_NOT_LOAD,
        says="it finds all that it asks for" if links else "it asks for what TensorFlow does not have",
        tensorflow=tensorflow if tensorflow in versions else max(siblings, key=version_key),
        plugin=plugin,
        source=table.links_source,
    )


def _reported(grade: Grade, report: PairReport) -> Ground:
    return Ground(
        grade=grade, says=report.says, tensorflow=report.tensorflow, plugin=report.plugin, source=report.source
    )


def _obstacles(table: Pairings, tensorflow: str, plugin: str, python: str | None, macos: str | None) -> tuple[str, ...]:
    """Why the pair cannot be installed or run there; nothing is said of releases that are not known."""
    release, apple = table.release(tensorflow), table.plugin(plugin)
    found = []
    if release is not None:
        found += _not_for(f"{release.install} {tensorflow}", release.pythons, release.wheel_macos, python, macos)
    if apple is not None:
        floor = apple.minos if apple.minos and at_least(apple.minos, apple.wheel_macos) else apple.wheel_macos
        found += _not_for(f"{table.apple_distribution} {plugin}", apple.pythons, floor, python, macos)
    return tuple(found)


def _not_for(name: str, pythons: tuple[str, ...], floor: str, python: str | None, macos: str | None) -> list[str]:
    found = []
    if python is not None and python not in pythons:
        found.append(f"{name} has no wheel for Python {python}")
    if macos is not None and not at_least(macos, floor):
        found.append(f"{name} needs macOS {floor}")
    return found


def _best(pairs: tuple[Pair, ...], asked: Asked) -> Pair | None:
    """The pair to install: for a TensorFlow one that Apple states, then the newest; else the best proven one."""
    good = [pair for pair in pairs if pair.standing is Standing.VOUCHED and not pair.obstacles]

    def order(pair: Pair) -> tuple[int, tuple[int, int, int, int], tuple[int, int, int, int]]:
        weight = pair.stated if asked.tensorflow is not None else pair.proofs
        return weight, version_key(pair.tensorflow), version_key(pair.plugin)

    return max(good, key=order, default=None)


def _instead(table: Pairings, asked: Asked) -> Pair | None:
    """Another plugin for that TensorFlow; else the pair of that Python, or of the newest Python that has one."""
    if asked.tensorflow is not None and asked.plugin is not None:
        without = Asked(python=asked.python, macos=asked.macos, tensorflow=asked.tensorflow)
        best = _best(_pairs(table, without), without)
        if best is not None:
            return best
    pythons = [asked.python] if asked.python else []
    for python in [*pythons, *reversed(pythons_with_plugin())]:
        pair = recommended_pair(python, asked.macos)
        if pair is not None:
            return _pair(table, *pair, None, asked.macos)
    return None


def _served(table: Pairings, tensorflow: str) -> bool:
    """Whether any plugin of Apple's loads with it, as far as is known."""
    return any(_evidence(tensorflow, plugin.version).links for plugin in table.plugins)


def choose(
    python: str,
    macos: str | None = None,
    provider: Provider = Provider.AUTO,
    specifiers: Mapping[str, str] | None = None,
) -> Choice:
    """What to install for the GPU on that Python and macOS: the one place that decides it, for every verb.

    `specifiers` maps normalized names to the versions that are asked for (PEP 440); the pair agrees with them.
    """
    table = pairings.load()
    apples = pair_for(specifiers or {}, python, macos)
    chosen = None if provider is Provider.COMMUNITY else apples
    later = recommended_pair(python) if macos is not None and provider is not Provider.COMMUNITY else None
    other_python = other = community = None
    if chosen is None:
        other_python = python if apples else _newest_with_pair(macos)
        other = apples or (recommended_pair(other_python, macos) if other_python else None)
    if provider is Provider.COMMUNITY or (provider is Provider.AUTO and recommended_pair(python) is None):
        community = _community(table, Asked(python=python, macos=macos))
    newest = _newest_tensorflow(table, python, macos)
    return Choice(
        python=python,
        macos=macos,
        provider=provider,
        pair=_pair(table, *chosen, python, macos) if chosen else None,
        reason=None if chosen else _reason(table, python, macos, community if provider is Provider.COMMUNITY else None),
        after_update=_pair(table, *later, python, None) if later and later != chosen else None,
        other_python=other_python,
        other_pair=_pair(table, *other, other_python, macos) if other else None,
        community=community,
        cpu=installs_as(newest.version) if newest else None,
    )


def python_for(provider: Provider, macos: str | None = None) -> str:
    """The newest Python that this provider serves on that macOS, or, where it serves none there, on any."""
    if provider is Provider.COMMUNITY:
        return _community(pairings.load(), Asked()).pythons[-1]
    found = _newest_with_pair(macos) or _newest_with_pair(None)
    assert found is not None  # noqa: S101 - the table holds pairs
    return found


def _newest_with_pair(macos: str | None) -> str | None:
    return next((each for each in reversed(pythons_with_plugin()) if recommended_pair(each, macos)), None)


def refusal(choice: Choice, verb: str) -> tuple[str, ...]:
    """Why nothing is chosen, and the ways out, a sentence each; `verb` is the command that takes its options."""
    table = pairings.load()
    return (f"{choice.reason}.", *_ways_out(table, choice, verb))


def _ways_out(table: Pairings, choice: Choice, verb: str) -> Iterator[str]:
    if choice.after_update is not None:
        yield (
            f"With macOS {choice.after_update.minimum_macos} or newer there is TensorFlow "
            f"{choice.after_update.tensorflow} with {table.apple_distribution} {choice.after_update.plugin}."
        )
    if choice.other_pair is not None:
        yield (
            f"With Python {choice.other_python} ({verb} --python-version {choice.other_python}) there is TensorFlow "
            f"{choice.other_pair.tensorflow} with {table.apple_distribution} {choice.other_pair.plugin}."
        )
    if choice.provider is Provider.APPLE:
        yield f"m1doctor compat --python {choice.python} tells what else there is."
    elif choice.provider is Provider.AUTO and choice.community is not None:
        yield from _proposal(choice, choice.community, verb)


def _proposal(choice: Choice, way: Community, verb: str) -> Iterator[str]:
    """The community's plugin, where the user has to decide for it."""
    name = f"{way.distribution} {way.version}, which is not Apple's,"
    if way.obstacles:
        yield f"{name} cannot serve either: {'; '.join(way.obstacles)}."
        return
    yield (
        f"{name} goes with TensorFlow {way.tensorflow}, if you ask for it ({verb} --provider community "
        f"--python-version {choice.python})."
    )
    yield from terms(way)


def terms(way: Community) -> Iterator[str]:
    """What the community's plugin takes and costs, a sentence each."""
    yield from (f"It needs: {condition}." for condition in way.conditions)
    yield from (f"It costs: {cost}." for cost in way.costs)


def _reason(table: Pairings, python: str, macos: str | None, asked_for: Community | None) -> str | None:
    """Why there is no pair for this Python on this macOS, or why the community's plugin cannot serve."""
    if asked_for is not None:
        name = f"{asked_for.distribution} {asked_for.version} cannot serve here"
        return f"{name}: {'; '.join(asked_for.obstacles)}" if asked_for.obstacles else None
    with_wheels = pythons_with_plugin()
    if python not in with_wheels:
        return (
            f"Apple has published no {table.apple_distribution} for Python {python}: there are wheels for "
            f"{with_wheels[0]} to {with_wheels[-1]}"
        )
    return f"No {table.apple_distribution} that Python {python} can install runs on macOS {macos}"


def _with_alternatives(table: Pairings, choice: Choice) -> Choice:
    """With the newest good pair of each minor release of TensorFlow but the chosen one's, the newest first."""
    found: list[Pair] = []
    for release in reversed(table.tensorflow):
        taken = [choice.pair] if choice.pair else []
        if any(same_minor(release.version, each.tensorflow) for each in [*taken, *found]):
            continue
        asked = Asked(python=choice.python, macos=choice.macos, tensorflow=release.version)
        best = _best(_pairs(table, asked), asked)
        if best is not None:
            found.append(best)
    return replace(choice, alternatives=tuple(found))


def _community(table: Pairings, asked: Asked) -> Community:
    """What the community's plugin takes here, and what of it is not so."""
    plugin = table.community
    release = community_release()
    obstacles = []
    if asked.tensorflow is not None and not same_minor(asked.tensorflow, release.version):
        obstacles.append(f"it needs TensorFlow {plugin.needs_tensorflow}, not {asked.tensorflow}")
    if asked.python is not None and not at_least(asked.python, plugin.needs_python):
        obstacles.append(f"it needs Python {plugin.needs_python} or newer")
    elif asked.python is not None and asked.python not in release.pythons:
        obstacles.append(f"TensorFlow {release.version} has no wheel for Python {asked.python}")
    if asked.macos is not None and not at_least(asked.macos, plugin.needs_macos):
        obstacles.append(f"it needs macOS {plugin.needs_macos} or newer")
    return Community(
        distribution=plugin.distribution,
        version=plugin.newest,
        tensorflow=release.version,
        other_versions=plugin.other_versions,
        steps=(installs_as(release.version), f"{plugin.distribution}=={plugin.newest}"),
        obstacles=tuple(obstacles),
        pythons=tuple(each for each in release.pythons if at_least(each, plugin.needs_python)),
        conditions=plugin.conditions,
        costs=plugin.costs,
        source=plugin.source,
        measured=plugin.measured,
        measured_source=plugin.measured_source,
    )


def _newest_tensorflow(table: Pairings, python: str, macos: str | None) -> TensorflowRelease | None:
    """The newest TensorFlow for this Python and macOS; a release candidate only where there is nothing else."""
    fitting = [
        release
        for release in table.tensorflow
        if python in release.pythons and (macos is None or at_least(macos, release.wheel_macos))
    ]
    return max(fitting, key=lambda each: ("rc" not in each.version, version_key(each.version)), default=None)
