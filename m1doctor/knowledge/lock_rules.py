"""What is wrong with a set of pinned versions before anybody installs it: the rules that every lock is held to.

A resolver sees what packages declare. tensorflow-metal declares no TensorFlow, an empty release declares nothing, and
no release can declare what comes out after it: that is what these rules are about. They are for macOS on Apple silicon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from m1doctor.knowledge import pairings
from m1doctor.knowledge.known_faults import Shim, in_range, known_faults
from m1doctor.knowledge.locks import caps, never_lock
from m1doctor.knowledge.pairings import (
    CommunityPlugin,
    at_least,
    community_release,
    good_pairs,
    installs_as,
    recommended_pair,
    same_minor,
)
from m1doctor.model.record import record


class Objection(StrEnum):
    """What kind of fault a set of versions has."""

    CANNOT_LINK = "cannot-link"
    """The plugin cannot be loaded into this TensorFlow."""
    INCOMPLETE = "incomplete"
    """A release that installs nothing to import, without the one that holds the code."""
    COMPANION = "companion"
    """A package that breaks this TensorFlow."""
    DOUBTFUL = "doubtful"
    """It installs and loads; what is known speaks against it, or nothing for it."""


@record(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with the versions."""

    objection: Objection
    says: str
    """A sentence without its full stop."""
    mend: tuple[str, ...] = ()
    """Constraints that would keep it away, as requirement lines; empty where none is known."""
    instead: str | None = None
    """What to ask for in its place, as words for a person."""

    @property
    def fatal(self) -> bool:
        """Whether such a lock must not be written."""
        return self.objection is not Objection.DOUBTFUL


def tensorflow_of(pins: Mapping[str, str]) -> str | None:
    """The version of the TensorFlow that holds the code, among normalized names and versions."""
    for name in known_faults().tensorflow_names:
        if name in pins and shim_of(name, pins[name]) is None:
            return pins[name]
    return None


def shim_of(name: str, version: str) -> Shim | None:
    """The entry of a release that installs nothing to import on Apple silicon, or `None`."""
    return next((shim for shim in known_faults().shims if shim.name == name and in_range(version, shim.versions)), None)


def faults_of(pins: Mapping[str, str], python: str, macos: str | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with these versions (normalized name to version) on a Mac with this Python."""
    return (
        *_never(pins),
        *_shims(pins),
        *_pair(pins, python, macos),
        *_caps(pins),
        *_clashes(pins),
    )


def _never(pins: Mapping[str, str]) -> Iterator[Fault]:
    for release in never_lock():
        if pins.get(release.name) == release.version:
            yield Fault(
                objection=Objection.INCOMPLETE,
                says=f"{release.name} {release.version} is {release.reason}",
                mend=(f"{release.name}!={release.version}",),
                instead=installs_as(release.version),
            )


def _shims(pins: Mapping[str, str]) -> Iterator[Fault]:
    never = {(release.name, release.version) for release in never_lock()}
    for name, version in pins.items():
        shim = shim_of(name, version)
        if shim is not None and shim.provided_by not in pins and (name, version) not in never:
            yield Fault(
                objection=Objection.INCOMPLETE,
                says=f"{name} {version} is an empty package on Apple silicon, and {shim.provided_by}, which holds the "
                "code, is not pinned beside it",
                instead=f"{shim.provided_by}=={version}",
            )


def _pair(pins: Mapping[str, str], python: str, macos: str | None) -> Iterator[Fault]:
    table = pairings.load()
    apple, community = table.apple_distribution, table.community.distribution
    if apple in pins and community in pins:
        yield Fault(
            objection=Objection.CANNOT_LINK,
            says=f"{apple} and {community} install one and the same file, and two Metal plugins abort the process",
        )
    tensorflow, plugin = tensorflow_of(pins), pins.get(apple)
    if community in pins and plugin is None:
        yield from _community(table.community, pins[community], tensorflow, python, macos)
    if tensorflow is None or plugin is None:
        return
    known = table.evidence(tensorflow, plugin)
    both = f"{apple} {plugin} beside TensorFlow {tensorflow}"
    if known.links is False:
        said = table.said.get((tensorflow, plugin))
        best = recommended_pair(python, macos)
        yield Fault(
            objection=Objection.CANNOT_LINK,
            says=f"{apple} {plugin} cannot load beside TensorFlow {tensorflow}, and so `import tensorflow` fails"
            + (f" ({said})" if said else ""),
            instead=f"{installs_as(best[0])} {apple}=={best[1]}" if best else None,
        )
    elif known.links is None:
        yield Fault(objection=Objection.DOUBTFUL, says=f"whether {both} loads was never measured")
    elif known.bad:
        report = known.bad[0]
        yield Fault(objection=Objection.DOUBTFUL, says=f"reported of {both}: {report.says} ({report.source.title})")
    elif not known.vouched:
        yield Fault(objection=Objection.DOUBTFUL, says=f"{both} links, and nobody says that it works")
    release = table.plugin(plugin)
    floor = release.minos if release else None
    if floor is not None and macos is not None and not at_least(macos, floor):
        yield Fault(
            objection=Objection.CANNOT_LINK,
            says=f"the library of {apple} {plugin} was built for macOS {floor} and does not load on {macos}",
        )


def _community(
    plugin: CommunityPlugin, version: str, tensorflow: str | None, python: str, macos: str | None
) -> Iterator[Fault]:
    """What its authors say of the community's plugin; it is built where it is installed, so that nothing was linked."""
    name = f"{plugin.distribution} {version}"
    doubt = plugin.doubt(version)
    if doubt is not None:
        yield Fault(objection=Objection.DOUBTFUL, says=f"{name}: {doubt}")
        return
    release = community_release()
    if tensorflow is None or not same_minor(tensorflow, release.version):
        beside = f"beside TensorFlow {tensorflow}" if tensorflow else "without it"
        yield Fault(
            objection=Objection.CANNOT_LINK,
            says=f"{name} accepts TensorFlow {plugin.needs_tensorflow} only, and {beside} there is no GPU",
            instead=f"{installs_as(release.version)} {plugin.distribution}=={version}",
        )
    if macos is not None and not at_least(macos, plugin.needs_macos):
        yield Fault(objection=Objection.CANNOT_LINK, says=f"{name} needs macOS {plugin.needs_macos}, not {macos}")
    if python and not at_least(python, plugin.needs_python):
        yield Fault(objection=Objection.CANNOT_LINK, says=f"{name} needs Python {plugin.needs_python}, not {python}")


def _caps(pins: Mapping[str, str]) -> Iterator[Fault]:
    tensorflow = tensorflow_of(pins)
    if tensorflow is None:
        return
    for cap in caps():
        version = pins.get(cap.package)
        if version is not None and in_range(tensorflow, cap.beside) and in_range(version, cap.allowed) is False:
            yield Fault(
                objection=Objection.COMPANION,
                says=f"{cap.package} {version} beside TensorFlow {tensorflow}: {cap.reason}",
                mend=(f"{cap.package}{cap.allowed}",),
                instead=f"{cap.package}{cap.allowed}",
            )


def _clashes(pins: Mapping[str, str]) -> Iterator[Fault]:
    tensorflow = tensorflow_of(pins)
    for clash in known_faults().clashes:
        if tensorflow is not None and clash.package in pins and in_range(tensorflow, clash.tensorflow):
            yield Fault(
                objection=Objection.DOUBTFUL,
                says=f"{clash.package} beside TensorFlow {tensorflow}: {clash.symptom}, because {clash.why}",
                mend=tuple(f"{name}{clash.instead}" for name in known_faults().tensorflow_names if name in pins),
            )


def pair_for(specifiers: Mapping[str, str], python: str, macos: str | None = None) -> tuple[str, str] | None:
    """The best (TensorFlow, tensorflow-metal) that agrees with what was asked for, or `None`.

    `specifiers` maps normalized names to PEP 440 specifiers (empty for any version).
    """
    apple = pairings.load().apple_distribution
    for tensorflow, plugin in good_pairs(python, macos):
        asked = {name: tensorflow for name in specifiers if name in known_faults().tensorflow_names} | {apple: plugin}
        if all(
            _published(name, version) and in_range(version, specifiers.get(name, "")) for name, version in asked.items()
        ):
            return tensorflow, plugin
    return None


def _published(name: str, version: str) -> bool:
    """Whether this TensorFlow can be asked for under this name on Apple silicon."""
    if name not in ("tensorflow", "tensorflow-macos"):
        return True
    shim = shim_of(name, version)
    return installs_as(version) == f"{name}=={version}" or (shim is not None and shim.requires_it)
