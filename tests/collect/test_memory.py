"""Memory, whichever the machine."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.memory import collect_memory
from m1doctor.collect.world import LiveWorld
from m1doctor.model.memory import Memory
from machines import loading


def test_this_very_machine_can_be_asked_twice() -> None:
    memory = collect_memory(LiveWorld(), 0.01)
    assert memory.total_bytes is None or memory.total_bytes > 2**28


def test_every_unknown_fact_of_a_machine_has_a_reason(tmp_path: Path) -> None:
    for name in loading.names():
        memory = collect_memory(loading.load(name, tmp_path / name).world, 0.5)
        missing = {each for each in Memory.__dataclass_fields__ if each != "unknown" and getattr(memory, each) is None}
        assert missing == set(memory.unknown), name
