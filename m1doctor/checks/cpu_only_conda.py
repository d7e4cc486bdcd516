"""Whether TensorFlow comes from a conda channel that builds it for the CPU only: PKG010 tells it, PKG002 must know."""

from __future__ import annotations

from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.knowledge.known_faults import CondaBuild, known_faults
from m1doctor.model.facts import Facts
from m1doctor.model.packages import CondaPackage
from m1doctor.model.plugins import LinkStatus


def cpu_only_conda_build(facts: Facts) -> tuple[CondaPackage, CondaBuild] | None:
    """The conda package in use and what is known of its channel.

    `None` where pip has laid another TensorFlow over it, and where a plugin is there that links with it: then it does
    have a GPU.
    """
    if facts.packages is None:
        return None
    tensorflow = tensorflow_distribution(facts.packages)
    if tensorflow is not None and tensorflow.installer not in (None, "conda"):
        return None
    libraries = facts.plugins.libraries if facts.plugins else ()
    if any(each.link is not None and each.link.status is LinkStatus.LINKS for each in libraries):
        return None
    for package in facts.packages.conda_packages:
        for build in known_faults().conda_builds:
            if package.name in build.packages and package.channel == build.channel and package.subdir in build.subdirs:
                return package, build
    return None
