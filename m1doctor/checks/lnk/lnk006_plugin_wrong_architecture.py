"""LNK006 plugin-wrong-architecture: the plugin has no slice for this process."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.plugin_words import VARIABLE, applies, label, origin, pair_remedy
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus, Plugin
from m1doctor.model.remedy import Remedy


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each library that the target's process cannot take."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    machine = facts.interpreter.machine
    assert machine is not None  # noqa: S101 - declared in `needs`
    for plugin in facts.plugins.libraries:
        if not _foreign(plugin, machine):
            continue
        said = plugin.link.dyld_message if plugin.link else None
        yield Finding(
            level=Level.ERROR,
            message=f"{label(plugin)} is built for {' and '.join(plugin.architectures)}, and this Python runs as "
            f"{machine}.",
            expected=f"a library with code for {machine}",
            evidence=(*(said or "").splitlines(), origin(plugin)),
            location=Location(path=plugin.path),
            remedy=_remedy(facts, plugin),
        )


def _foreign(plugin: Plugin, machine: str) -> bool:
    if plugin.link is not None:
        return plugin.link.status is LinkStatus.WRONG_ARCHITECTURE
    return bool(plugin.architectures) and machine not in plugin.architectures and plugin.minimum_macos is None


def _remedy(facts: Facts, plugin: Plugin) -> Remedy:
    """The same release again for this machine, where it is a release; else as for a plugin that does not load."""
    if plugin.origin == VARIABLE or not plugin.distributions:
        return pair_remedy(facts, plugin)
    requirements = [owner.replace(" ", "==") for owner in plugin.distributions[:1]]
    return Remedy(
        summary="Install the wheel of this architecture in place of the one that is there.",
        steps=(install(facts, "Lay the plugin down anew, for this Python's architecture.", *requirements, again=True),),
    )


CHECK = Check(
    id="LNK006",
    slug="plugin-wrong-architecture",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins", "interpreter.machine"),
    after=("PY001",),
    applies=applies,
    judge=judge,
    passes="The plugin has code for this Python's architecture.",
    page=Page(
        what=(
            "The plugin holds no code for the processor architecture that would load it. "
            "A library holds code for one or more architectures. The plugin holds none for the process that would "
            "load it: an x86_64 plugin beside an arm64 Python, or the other way round, as after packages were copied "
            "from another Mac or installed by a translated pip."
        ),
        why="dyld refuses the file, and with it `import tensorflow` ends.",
        see="Run `lipo -archs libmetal_plugin.dylib` and `python -c 'import platform; print(platform.machine())'`.",
        fix="Install the plugin again with the pip of the same native Python.",
        sources=(Source("dyld-1378, common/MachOFile.cpp", "https://github.com/apple-oss-distributions/dyld"),),
    ),
)
