"""How an interpreter was built, from the text of its `_sysconfigdata` module or its Makefile, which are never run."""

from __future__ import annotations

import re

from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.layout import Layout

_IN_MODULE = re.compile(r"""['"]MACOSX_DEPLOYMENT_TARGET['"]\s*:\s*['"]([\d.]+)['"]""")
_IN_MAKEFILE = re.compile(r"^(?:CONFIGURE_)?MACOSX_DEPLOYMENT_TARGET=[ \t]*([\d.]+)[ \t]*$", re.MULTILINE)


def deployment_target(disk: Disk, layout: Layout) -> str | None:
    """The oldest macOS that the interpreter was built for, ``"11.0"``; `None` where its files do not say."""
    if layout.base_prefix is None or layout.library is None:
        return None
    library = f"{layout.base_prefix}/lib/{layout.library}"
    names = disk.names(library)
    modules = [name for name in names if name.startswith("_sysconfigdata") and name.endswith(".py")]
    # conda ships one more module for each compiler it cross-builds with; the plain one is the interpreter's own.
    for name in sorted(modules, key=lambda name: ("conda" in name, name)):
        found = target_in_sysconfig_data(disk.text(f"{library}/{name}") or "")
        if found:
            return found
    for name in names:
        if name.startswith("config-"):
            found = target_in_makefile(disk.text(f"{library}/{name}/Makefile") or "")
            if found:
                return found
    return None


def target_in_sysconfig_data(text: str) -> str | None:
    """`MACOSX_DEPLOYMENT_TARGET` of a `_sysconfigdata` module."""
    found = _IN_MODULE.search(text)
    return found[1] if found else None


def target_in_makefile(text: str) -> str | None:
    """`MACOSX_DEPLOYMENT_TARGET` of the Makefile that Python was built with."""
    found = _IN_MAKEFILE.search(text)
    return found[1] if found else None
