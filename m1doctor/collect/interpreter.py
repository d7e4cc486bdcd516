"""The target's interpreter: what it is, where it looks for packages, whether it is whole. Told from files alone."""

from __future__ import annotations

import sys

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment import folder as packages_folder
from m1doctor.collect.environment.conda import read_conda_environment
from m1doctor.collect.environment.markers import marker_environment
from m1doctor.collect.world import World
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.report import Target, TargetKind
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

_OF_A_PYTHON = (
    *("executable", "executable_exists", "real_executable", "slices", "translated", "vendor", "base_prefix", "active"),
    *("deployment_target", "reported_macos", "sdk", "virtual_environment", "leaks", "neighbours"),
    "externally_managed",
)
"""Facts that a folder of packages does not have."""


def collect_interpreter(
    world: World, target: Target, host: Host | None, *, own_prefix: str = sys.prefix
) -> Interpreter:
    """Describe the target's Python without running it.

    `host` is the machine that it would run on: its hardware and the translation of the user's shell decide which
    architecture a universal Python runs as. For a folder of packages the interpreter is inferred from what is in it.
    `own_prefix` is the environment that m1doctor itself runs from.
    """
    disk = Disk(world.root)
    if target.kind is TargetKind.FOLDER:
        return _of_folder(disk, target.path)
    # A folder has nothing of what these modules look at: 5 of 200 ms.
    from m1doctor.collect.environment.python import describe_python  # noqa: PLC0415

    return describe_python(world, disk, target, host, own_prefix)


def _of_folder(disk: Disk, path: str) -> Interpreter:
    guess = packages_folder.infer(disk, path)
    prefix = packages_folder.environment_prefix(disk, path)
    conda = read_conda_environment(disk, prefix) if prefix else None
    not_run = not_asked("a folder of packages was examined, not a Python")
    unknown = dict.fromkeys(_OF_A_PYTHON, not_run)
    if guess.version is None:
        unknown["version"] = Unknown("no package in the folder was built for one Python version alone")
    if guess.system is None:
        unknown["system"] = Unknown("no package in the folder was built for one system alone")
    if guess.machine is None:
        unknown["machine"] = Unknown("no package in the folder was built for one architecture alone")
    if prefix is None:
        unknown["prefix"] = not_run
    if conda is None:
        unknown["conda"] = not_applicable("this folder is not in a conda environment")
    return Interpreter(
        version=(conda.python_version if conda else None) or guess.version,
        implementation=guess.implementation,
        system=guess.system,
        machine=guess.machine,
        prefix=prefix,
        site_folders=(path,),
        conda=conda,
        marker_environment=marker_environment(
            version=(conda.python_version if conda else None) or guess.version,
            implementation=guess.implementation,
            system=guess.system,
            machine=guess.machine,
            kernel=None,
        ),
        unknown=unknown,
    )
