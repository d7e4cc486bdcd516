"""Which environments are not ours to change, and what to do instead; told from facts, before anything is done."""

from __future__ import annotations

from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter, Vendor
from m1doctor.model.packages import Packages

_VENDORS_OWN = {Vendor.SYSTEM, Vendor.COMMAND_LINE_TOOLS}
INSTEAD = "m1doctor setup makes an environment of your own"


def why_not_to_change(facts: Facts, own_prefix: str) -> str | None:
    """Why `fix` leaves the packages of this environment alone, in one sentence; `None` where it may repair.

    `own_prefix` is the environment that m1doctor itself runs from: replacing packages under one's own feet is no
    repair.
    """
    interpreter = facts.interpreter
    if interpreter is None or interpreter.executable is None:
        return "a folder of packages without its Python is not repaired: there is nothing to install with."
    if interpreter.virtual_environment is not None:
        return _of_ours(interpreter, own_prefix)
    if interpreter.conda is not None:
        return _of_conda(interpreter.conda.prefix, facts.packages) or _of_ours(interpreter, own_prefix)
    where = interpreter.executable
    if interpreter.externally_managed or interpreter.vendor in _VENDORS_OWN:
        return f"{where} belongs to its vendor, who keeps its packages to himself; {INSTEAD}."
    return f"{where} is a Python itself and no environment: others build on it. {INSTEAD}."


def _of_ours(interpreter: Interpreter, own_prefix: str) -> str | None:
    if interpreter.prefix == own_prefix:
        return (
            f"m1doctor runs from this environment ({own_prefix}) and would change packages under its own feet; "
            "install it as a tool (uv tool install, pipx) and run it from there."
        )
    return None


def _of_conda(prefix: str, packages: Packages | None) -> str | None:
    if packages is not None and any(each.name == "conda" for each in packages.conda_packages):
        return f"{prefix} is the base of conda, which runs from it: make an environment with conda create. {INSTEAD}."
    return None
