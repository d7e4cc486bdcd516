"""Which NumPy an extension module asks for in place of the installed one: told by PKG006, known to PKG003."""

from __future__ import annotations

from m1doctor.knowledge.known_faults import in_range, known_faults
from m1doctor.model.packages import NumpyNeed, Packages


def wanted_numpy(need: NumpyNeed, installed: str) -> str | None:
    """The NumPy that a module asks for in place of the installed one, or `None` where it takes that."""
    abi_break = known_faults().numpy_abi_break
    if need.built_for == "1":
        return f"numpy<{abi_break}" if in_range(installed, f">={abi_break}.dev0") else None
    if need.least is not None and in_range(installed, f"<{need.least}.dev0"):
        return f"numpy>={need.least}"
    return None


def refusing_numpy(packages: Packages) -> frozenset[str]:
    """``"name version"`` of the distributions whose modules the installed NumPy refuses."""
    numpy = packages.find("numpy")
    if numpy is None:
        return frozenset()
    refusing = (need for need in packages.numpy_needs if wanted_numpy(need, numpy.version) is not None)
    return frozenset(need.distribution for need in refusing if need.distribution is not None)
