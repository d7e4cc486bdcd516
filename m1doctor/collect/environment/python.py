"""A Python that is installed: its layout, architecture, search path and neighbours, told from files alone."""

from __future__ import annotations

from dataclasses import replace

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.architecture import Executable, Process, process_of, read_executable
from m1doctor.collect.environment.build import deployment_target
from m1doctor.collect.environment.layout import full_version, locate, vendor
from m1doctor.collect.environment.leaks import find_leaks
from m1doctor.collect.environment.markers import marker_environment
from m1doctor.collect.environment.neighbours import activated_by, find_neighbours
from m1doctor.collect.environment.site_folders import (
    externally_managed,
    holds_installed_packages,
    search_aliases,
    search_folders,
)
from m1doctor.collect.world import World
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.report import Target
from m1doctor.model.unknown import Unknown, not_applicable, not_asked


def describe_python(world: World, disk: Disk, target: Target, host: Host | None, own_prefix: str) -> Interpreter:
    """Describe the Python at the path of `target`; the parameters are those of `collect_interpreter`."""
    layout = locate(disk, target.path)
    executable = read_executable(disk, layout.real_executable)
    process = process_of(executable, host)
    maker = vendor(layout, None if world.home is None else str(world.home))
    folders = search_folders(world, disk, layout, maker)
    system = executable.system or world.uname.sysname
    version = full_version(disk, layout)
    known = Interpreter(
        executable=layout.executable,
        executable_exists=layout.exists,
        real_executable=layout.real_executable,
        version=version,
        implementation=layout.implementation,
        system=system,
        machine=process.machine,
        slices=executable.slices,
        translated=process.translated,
        vendor=maker,
        prefix=layout.prefix,
        base_prefix=layout.base_prefix,
        site_folders=tuple(folder.path for folder in folders if holds_installed_packages(disk, folder)),
        site_aliases=tuple(search_aliases(world, disk, layout, maker)),
        externally_managed=externally_managed(disk, layout),
        virtual_environment=layout.environment,
        conda=layout.conda,
        leaks=tuple(find_leaks(world, disk, layout, folders)),
        neighbours=tuple(find_neighbours(world, disk, layout, folders, why=target.why, own_prefix=own_prefix)),
        deployment_target=deployment_target(disk, layout) if system == "Darwin" else None,
        sdk=executable.sdk,
        active=activated_by(world, target.why, layout.prefix) is not None,
        marker_environment=marker_environment(
            version=version,
            implementation=layout.implementation,
            system=system,
            machine=process.machine,
            kernel=world.uname,
        ),
    )
    return replace(known, unknown=_reasons(known, executable, process))


def _reasons(known: Interpreter, executable: Executable, process: Process) -> dict[str, Unknown]:
    """Why each missing fact is missing."""
    fault = Unknown(executable.fault or "the executable does not say")
    place = known.real_executable or known.executable
    reasons = {
        "real_executable": Unknown(f"{known.executable} leads to no file"),
        "slices": fault,
        "machine": process.unknown or fault,
        "translated": process.unknown or fault,
        "version": Unknown(f"no standard library was found for {known.executable}"),
        "vendor": Unknown(f"{place} is no place that tells"),
        "base_prefix": Unknown(f"no standard library was found for {known.executable}"),
        "virtual_environment": not_applicable("this Python is not in a virtual environment"),
        "conda": not_applicable("this Python is not from conda"),
        "deployment_target": Unknown("the build settings of this Python do not name one"),
        "sdk": Unknown(executable.fault or "the executable names no SDK"),
        "reported_macos": not_asked("this Python was not run"),
    }
    if known.system != "Darwin":
        not_mac = not_applicable("this is not a Python for macOS")
        reasons |= dict.fromkeys(("deployment_target", "sdk", "reported_macos", "translated"), not_mac)
    return {name: reason for name, reason in reasons.items() if getattr(known, name) is None}
