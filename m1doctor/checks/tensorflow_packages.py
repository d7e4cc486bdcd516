"""Which of the installed packages is TensorFlow, and which are there for its sake."""

from __future__ import annotations

from m1doctor.knowledge.known_faults import known_faults
from m1doctor.model.names import distribution_name
from m1doctor.model.packages import Distribution, ImportPackage, Packages

IMPORT_NAME = "tensorflow"


def tensorflow_folder(packages: Packages) -> ImportPackage | None:
    """What `import tensorflow` would find: the first folder with an `__init__.py`, else one without, else nothing."""
    found = [module for module in packages.modules if module.name == IMPORT_NAME]
    return next((module for module in found if module.importable), found[0] if found else None)


def recorded_tensorflows(packages: Packages) -> list[Distribution]:
    """Every distribution that bears a name of TensorFlow, shims too, in search order."""
    names = known_faults().tensorflow_names
    return [each for each in packages.distributions if each.normalized_name in names]


def tensorflow_distribution(packages: Packages) -> Distribution | None:
    """The distribution whose code `import tensorflow` would run: the first that places files in that folder.

    Where none does (shims only, an editable installation), the first of the name.
    """
    recorded = recorded_tensorflows(packages)
    with_code = [each for each in recorded if IMPORT_NAME in each.top_level]
    return next(iter(with_code or recorded), None)


def overlapping_tensorflows(packages: Packages) -> frozenset[str]:
    """``"name version"`` of the distributions that have overwritten each other's files in the tensorflow folder."""
    return frozenset(
        owner
        for overlap in packages.overlaps
        if any(path.startswith(f"{IMPORT_NAME}/") for path in overlap.paths)
        for owner in overlap.owners
    )


def needed_for_tensorflow(packages: Packages) -> frozenset[str]:
    """Normalized names of TensorFlow, its Metal plugins, and all that they require, required by others too.

    Markers are not evaluated, but what only an extra asks for is left out.
    """
    installed: dict[str, Distribution] = {}
    for each in packages.distributions:
        installed.setdefault(each.normalized_name, each)
    faults = known_faults()
    todo = [name for name in (*faults.tensorflow_names, *faults.metal_providers) if name in installed]
    needed: set[str] = set()
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        needed.add(name)
        if name in installed:
            todo += required_names(installed[name])
    return frozenset(needed)


def required_names(distribution: Distribution) -> tuple[str, ...]:
    """Normalized names of what a distribution requires; markers as for `needed_for_tensorflow`."""
    lines = (line for line in distribution.requires if "extra ==" not in line)
    return tuple(map(distribution_name, lines))
