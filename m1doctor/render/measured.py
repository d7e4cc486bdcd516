"""The plots of a report: memory as it was found, and what was measured and watched while the work ran."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from m1doctor.checks.sizes import memory_size
from m1doctor.model.facts import Facts
from m1doctor.model.memory import Memory
from m1doctor.render.plots import Share, shares

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def plots(facts: Facts) -> Iterator[Element]:
    """Every plot that the facts allow, in the order of a reading."""
    if facts.memory is not None:
        yield from _memory(facts.memory)


def _memory(memory: Memory) -> Iterator[Element]:
    pages = memory.pages
    if pages is not None:
        amounts = (
            ("wired", pages.wired),
            ("compressed", pages.compressor),
            ("in use or cached", pages.active + pages.inactive + pages.speculative),
            ("free", pages.free),
        )
        pieces = [(name, count * pages.page_bytes) for name, count in amounts]
    elif memory.total_bytes is not None and memory.available_bytes is not None:
        pieces = [("in use", memory.total_bytes - memory.available_bytes), ("available", memory.available_bytes)]
    else:
        return
    told = [Share(name=name, amount=amount, told=memory_size(amount)) for name, amount in pieces]
    yield shares("Memory", _says(memory), told)


def _says(memory: Memory) -> str:
    pressure = f"Pressure: {memory.pressure.value}." if memory.pressure is not None else "Pressure: unknown."
    if memory.swap_used_bytes is None:
        return pressure
    return f"{pressure} Swap used: {memory_size(memory.swap_used_bytes)}."
