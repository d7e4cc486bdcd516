"""Environment markers (PEP 508) as the target would evaluate them."""

from __future__ import annotations

import re

from m1doctor.collect.world import Uname

_PLATFORMS = {"Darwin": "darwin", "Linux": "linux"}
_NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def marker_environment(
    *, version: str | None, implementation: str, system: str | None, machine: str | None, kernel: Uname | None
) -> dict[str, str]:
    """All eleven markers of PEP 508. What is unknown is empty, as the specification has it for an unknown value.

    `kernel` describes the machine that the target runs on; `None` where only a folder is known. A version without its
    patch number counts as its first release. The implementation's version of PyPy is not that of its Python: empty.
    """
    full = version or ""
    minor = re.match(r"\d+\.\d+", full)
    if minor and minor[0] == full:
        full += ".0"
    known = kernel if kernel is not None and kernel.sysname == system else None
    return {
        "implementation_name": implementation,
        "implementation_version": full if implementation == "cpython" else "",
        "os_name": "posix",
        "platform_machine": machine or "",
        "platform_python_implementation": _NAMES.get(implementation, implementation),
        "platform_release": known.release if known else "",
        "platform_system": system or "",
        "platform_version": known.version if known else "",
        "python_full_version": full,
        "python_version": minor[0] if minor else "",
        "sys_platform": _PLATFORMS.get(system or "", ""),
    }
