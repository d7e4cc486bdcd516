"""How findings speak of the examined Python."""

from __future__ import annotations

from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter


def named(interpreter: Interpreter) -> str:
    """``"Python 3.11.7 from Homebrew (/path/bin/python)"``, as far as each part is known."""
    words = "Python" if interpreter.version is None else f"Python {interpreter.version}"
    if interpreter.vendor is not None:
        words += f" from {interpreter.vendor}"
    return f"{words} ({interpreter.executable})" if interpreter.executable else words


def chip(facts: Facts) -> str:
    """The chip, or what is known of it."""
    return (facts.host.chip if facts.host else None) or "Apple silicon"


def kernel_lines(facts: Facts) -> tuple[str, ...]:
    """What the kernel says of itself and of our own process, as evidence."""
    host = facts.host
    if host is None:
        return ()
    found = (("chip", host.chip), ("kernel", host.kernel))
    return tuple(f"{name} {value}" for name, value in found if value)
