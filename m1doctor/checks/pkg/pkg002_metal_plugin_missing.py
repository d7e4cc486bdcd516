"""PKG002 metal-plugin-missing: nothing gives TensorFlow a GPU on Apple silicon, so it computes on the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.archived_fork import archived_fork
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.cpu_only_conda import cpu_only_conda_build
from m1doctor.checks.install_steps import install, tensorflow_requirements
from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.knowledge import pairings
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.packages import Distribution
from m1doctor.model.remedy import Remedy, manual


def applies(facts: Facts) -> str | None:
    """Only Apple silicon has a Metal plugin, and not every TensorFlow and every Python can have one."""
    interpreter = facts.interpreter
    assert interpreter is not None  # noqa: S101 - declared in `needs`
    if _there(facts):
        return None
    if not interpreter.apple_silicon_target:
        return "the target is not a native Python on Apple silicon"
    if archived_fork(facts) is not None:
        return "Apple's archived fork takes no plugin (PKG013)"
    if cpu_only_conda_build(facts) is not None:
        return "TensorFlow comes from a conda channel that builds it for the CPU only (PKG010)"
    minor = pairings.python_minor(interpreter.version) if interpreter.version else None
    if minor is not None and minor not in pairings.pythons_with_plugin():
        return f"Apple has no plugin for Python {minor} (PY003)"
    return None


def _there(facts: Facts) -> bool:
    """Whether a provider's distribution is installed, or a plugin library is there without one."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    if any(facts.packages.find(name) for name in known_faults().metal_providers):
        return True
    return facts.plugins is not None and bool(facts.plugins.libraries)


def judge(facts: Facts) -> Iterator[Finding]:
    """Report an environment with neither a provider's distribution nor a plugin library."""
    packages = facts.packages
    assert packages is not None  # noqa: S101 - declared in `needs`
    if _there(facts):
        return
    providers = known_faults().metal_providers
    tensorflow = tensorflow_distribution(packages)
    known = f"{tensorflow.name} {tensorflow.version}" if tensorflow else "TensorFlow"
    yield Finding(
        level=Level.ERROR,
        message=f"{known} has no Metal plugin here, so it will compute on the CPU: neither {' nor '.join(providers)} "
        "is installed.",
        expected=f"{providers[0]} of the version that goes with this TensorFlow",
        evidence=tuple(f"no {name} in {folder}" for folder in packages.folders_read or () for name in providers),
        remedy=_remedy(facts, tensorflow),
    )


def _remedy(facts: Facts, tensorflow: Distribution | None) -> Remedy:
    """The plugin that goes with this TensorFlow, or the pair to move to where none does."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    apple = pairings.load().apple_distribution
    python = facts.interpreter.version
    best = pairings.best_plugin_for(tensorflow.version, python) if tensorflow and python else None
    if best is not None:
        return Remedy(
            summary=f"Install {apple} {best}, the one that goes with this TensorFlow.",
            steps=(install(facts, "Install Apple's plugin.", f"{apple}=={best}"),),
        )
    wanted = tensorflow_requirements(facts)
    if len(wanted) == 1:  # no pair is known for this Python, or the Python is not known
        return Remedy(
            summary="Find the pair for this Python with `m1doctor compat`.",
            steps=(manual("Run m1doctor compat and install the pair that it names for this Python."),),
        )
    return Remedy(
        summary=f"Apple has no plugin for this TensorFlow: move to {' with '.join(wanted)}.",
        steps=(install(facts, "Install a TensorFlow that has a plugin, and the plugin.", *wanted),),
    )


CHECK = Check(
    id="PKG002",
    slug="metal-plugin-missing",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("packages.folders_read", "interpreter.system", "interpreter.machine"),
    after=("PKG001", "PKG005"),
    applies=applies,
    judge=judge,
    passes="A Metal plugin is installed.",
    page=Page(
        what=(
            "No GPU plugin is installed. "
            "TensorFlow for Apple silicon computes on the CPU by itself. The GPU comes from a plugin library in the "
            "folder `tensorflow-plugins`, which Apple's `tensorflow-metal` or the community's "
            "`tensorflow-metal-plugin` installs. Neither is here, and no other library is there in their place."
        ),
        why="`tf.config.list_physical_devices('GPU')` is an empty list, and training runs many times slower.",
        see="Run `pip list | grep tensorflow-metal`, and look into `site-packages/tensorflow-plugins`.",
        fix=(
            "Install the plugin that goes with this TensorFlow. tensorflow-metal declares no requirement on "
            "TensorFlow, so pip cannot choose its version: see `m1doctor compat`."
        ),
        sources=(
            Source("Apple: Get started with tensorflow-metal", "https://developer.apple.com/metal/tensorflow-plugin/"),
            Source("tensorflow-metal-plugin 0.4.1, description on the Python Package Index", date="2026-09-22"),
        ),
    ),
)
