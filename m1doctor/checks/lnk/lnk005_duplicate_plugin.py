"""LNK005 duplicate-plugin: the METAL platform would be registered twice, or two packages claim one library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.install_steps import install, uninstall
from m1doctor.checks.plugin_words import VARIABLE, applies, label, origin
from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import Plugin, Provider
from m1doctor.model.remedy import Remedy, manual

_METAL = (Provider.APPLE, Provider.COMMUNITY)


def judge(facts: Facts) -> Iterator[Finding]:
    """Report one library on two ways, two libraries of METAL, and one library that two packages own."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    libraries = facts.plugins.libraries
    by_file: dict[str, list[Plugin]] = defaultdict(list)
    for plugin in libraries:
        by_file[plugin.real_path].append(plugin)
    yield from (_reached_twice(same) for same in by_file.values() if len(same) > 1)
    metal = [same[0] for same in by_file.values() if same[0].provider in _METAL]
    if len(metal) > 1:
        yield _two_of_metal(facts, metal)
    yield from (_two_owners(facts, same[0]) for same in by_file.values() if len(set(same[0].distributions)) > 1)


def _reached_twice(same: list[Plugin]) -> Finding:
    if any(plugin.origin == VARIABLE for plugin in same):
        step = f"Run unset {VARIABLE}: the folder is searched anyway."
    else:
        step = (
            "Use a virtual environment, whose search path names the folder once (Homebrew's own Python names it twice "
            "outside of one); or take the second name out of the search path (PYTHONPATH, .pth files)."
        )
    return Finding(
        level=Level.ERROR,
        message=f"TensorFlow would load {label(same[0])} {len(same)} times, because it comes upon one file by "
        f"{len(same)} ways.",
        expected="one way to each plugin library",
        evidence=(*(origin(plugin) for plugin in same), f"one file: {same[0].real_path}"),
        location=Location(path=same[0].path),
        remedy=Remedy(summary="Leave one way to the library.", steps=(manual(step),)),
    )


def _two_of_metal(facts: Facts, metal: list[Plugin]) -> Finding:
    names = [label(plugin) for plugin in metal]
    foreign = [plugin for plugin in metal if plugin.provider is Provider.COMMUNITY and plugin.distributions]
    if foreign and len(foreign) < len(metal):
        owners = [each.rpartition(" ")[0] for plugin in foreign for each in plugin.distributions]
        step = uninstall(facts, "Remove one of the two providers.", *dict.fromkeys(owners))
    else:
        step = manual(f"Keep the library in the environment that you use, and move away {metal[-1].path}.")
    return Finding(
        level=Level.ERROR,
        message=f"{len(metal)} libraries would register the METAL platform: {' and '.join(names)}.",
        expected="one library that registers METAL",
        evidence=tuple(f"{origin(plugin)}: {plugin.identified_by or plugin.provider.value}" for plugin in metal),
        location=Location(path=metal[0].path),
        remedy=Remedy(summary="Keep one of them.", steps=(step,)),
    )


def _two_owners(facts: Facts, plugin: Plugin) -> Finding:
    owners = list(dict.fromkeys(plugin.distributions))
    names = [owner.rpartition(" ")[0] for owner in owners]
    whose = label(plugin) if plugin.version else plugin.provider.value
    return Finding(
        level=Level.ERROR,
        message=f"{' and '.join(owners)} both claim {plugin.path}: the one installed last has overwritten the other's "
        "library, and removing either takes it away from both.",
        expected="one package that owns the plugin library",
        evidence=(
            *(f"recorded by {owner}" for owner in owners),
            f"the file is {whose}: {plugin.identified_by or 'nothing tells whose it is'}",
        ),
        location=Location(path=plugin.path),
        remedy=Remedy(
            summary="Remove both and install the one that you want.",
            steps=(
                uninstall(facts, "Remove both.", *names),
                install(facts, "Install the one that goes with this TensorFlow.", _fitting(facts, owners)),
            ),
        ),
    )


def _fitting(facts: Facts, owners: list[str]) -> str:
    """The requirement of the one to keep: Apple's release for this TensorFlow, or the community's where none is."""
    tensorflow = facts.plugins.tensorflow_version if facts.plugins else None
    python = facts.interpreter.version if facts.interpreter else None
    best = pairings.best_plugin_for(tensorflow, python) if tensorflow and python else None
    if best is not None:
        return f"{pairings.load().apple_distribution}=={best}"
    community = pairings.load().community.distribution
    return next((owner for owner in owners if owner.startswith(f"{community} ")), owners[0]).replace(" ", "==")


CHECK = Check(
    id="LNK005",
    slug="duplicate-plugin",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins",),
    applies=applies,
    judge=judge,
    passes="Each plugin library is found once, and one package owns it.",
    page=Page(
        what=(
            "A GPU plugin would be loaded twice, or two packages claim its file. "
            "TensorFlow loads every library in `tensorflow-plugins` of every site folder, and what "
            f"`{VARIABLE}` names, without asking whether it has seen it before. A folder with two names (a symbolic "
            "link, a Homebrew prefix) or a second copy in the user's site folder therefore registers METAL twice. "
            "Apple's tensorflow-metal and the community's tensorflow-metal-plugin also install one and the same path, "
            "`tensorflow-plugins/libmetal_plugin.dylib`: then both packages are recorded and only one library is there."
        ),
        why=(
            "A second registration of the platform ends the import of TensorFlow with an error, or aborts the process. "
            "Where two packages claim one file, removing or updating one damages the other."
        ),
        see="Run `ls -l` on `tensorflow-plugins` of each folder that `python -m site` lists.",
        fix="Leave one library and one way to it.",
        sources=(
            Source("TensorFlow 2.18.1: tensorflow/__init__.py, where the plugins are loaded", date="2025-03-12"),
            Source(
                "TensorFlow: TF_LoadPluggableDeviceLibrary knows libraries by file name, and a refused registration "
                "aborts",
                "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/c/c_api_experimental.cc",
            ),
            Source(
                "Homebrew: sitecustomize of the python formulae, which shortens sys.path and not site.PREFIXES",
                "https://github.com/Homebrew/homebrew-core/blob/HEAD/Formula/p/python@3.13.rb",
            ),
            Source("tensorflow-metal-plugin 0.4.1, description on the Python Package Index", date="2026-09-22"),
        ),
    ),
)
