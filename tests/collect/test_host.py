"""The machine, whichever it is."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.host import collect_host
from m1doctor.collect.world import LiveWorld
from m1doctor.model.host import Host
from machines import loading


def test_every_unknown_fact_has_a_reason(tmp_path: Path) -> None:
    for name in loading.names():
        host = loading.load(name, tmp_path / name).facts().host
        assert host is not None
        missing = {field for field in Host.__dataclass_fields__ if field != "unknown" and getattr(host, field) is None}
        assert missing <= set(host.unknown), name
        assert not set(host.unknown) - missing, name


def test_this_very_machine_is_described() -> None:
    host = collect_host(LiveWorld(), Path(__file__))
    assert host.system in ("Darwin", "Linux")
    assert host.memory_bytes is None or host.memory_bytes > 2**28
    assert host.volumes
