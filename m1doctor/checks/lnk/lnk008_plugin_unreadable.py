"""LNK008 plugin-unreadable: a file that TensorFlow would load as a plugin is no sound library."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install
from m1doctor.checks.plugin_words import VARIABLE, applies_to_links, origin, with_status
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus, Plugin
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each file in a plugin folder that dyld would refuse before it looks for anything."""
    for plugin in with_status(facts, LinkStatus.UNREADABLE):
        link = plugin.link
        assert link is not None  # noqa: S101 - it has a status
        yield Finding(
            level=Level.ERROR,
            message=f"TensorFlow would load {plugin.path} as a plugin, and it is no sound library: {link.reason}.",
            expected="a Mach-O library, whole",
            evidence=(*(link.dyld_message or "").splitlines(), f"reading it: {link.reason}", origin(plugin)),
            location=Location(path=plugin.path),
            remedy=_remedy(facts, plugin),
        )


def _remedy(facts: Facts, plugin: Plugin) -> Remedy:
    if plugin.distributions and plugin.origin != VARIABLE:
        owner = plugin.distributions[0].replace(" ", "==")
        return Remedy(
            summary="Install the plugin again.",
            steps=(install(facts, "Lay its files down anew.", owner, again=True),),
        )
    return Remedy(
        summary="Move the file out of the folder.",
        steps=(manual(f"Move {plugin.path} out of its folder: TensorFlow loads every library there by its name."),),
    )


CHECK = Check(
    id="LNK008",
    slug="plugin-unreadable",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins.links_judged",),
    after=("PKG004",),
    applies=applies_to_links,
    judge=judge,
    passes="Every plugin file is a whole Mach-O library.",
    page=Page(
        what=(
            "A file among the plugins is no library that can be loaded. "
            "TensorFlow loads every file of `tensorflow-plugins` whose name ends in `.dylib`. One of them is no Mach-O "
            "library, or is cut off or altered: an interrupted download, a Git LFS pointer, or one of the `._` files "
            "that macOS leaves beside the real ones on disks of another format."
        ),
        why="dyld refuses the file, and `import tensorflow` ends with its error.",
        see="Run `file` and `ls -la` on the files of the folder.",
        fix="Install the package again, or move a file that no package claims out of the folder.",
        sources=(
            Source("TensorFlow 2.18.1: tensorflow/python/framework/load_library.py", date="2025-03-12"),
            Source("dyld-1378, common/MachOFile.cpp", "https://github.com/apple-oss-distributions/dyld"),
        ),
    ),
)
