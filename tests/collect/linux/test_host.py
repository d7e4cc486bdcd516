"""A Linux machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.host import collect_host
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.host import Host
from m1doctor.model.unknown import UnknownKind
from machines import loading


def host_of(name: str, root: Path) -> Host:
    host = loading.load(name, root).facts().host
    assert host is not None
    return host


def test_a_pc_is_described_from_its_files(tmp_path: Path) -> None:
    host = host_of("linux-x86_64", tmp_path)
    assert (host.system, host.distribution) == ("Linux", "Ubuntu 24.04.2 LTS")
    assert host.chip == "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz"
    assert (host.physical_cores, host.memory_bytes) == (6, 16 * 2**30)
    assert (host.emulated_linux, host.virtual_machine) == (False, False)
    assert host.unknown["apple_silicon"].kind is UnknownKind.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sys/class/dmi/id/sys_vendor", "QEMU\n"),
        ("sys/class/dmi/id/product_name", "Virtual Machine\n"),
        ("sys/hypervisor/type", "xen\n"),
    ],
)
def test_a_linux_guest_is_known_by_its_firmware(file: str, text: str, tmp_path: Path) -> None:
    world = loading.load("linux-x86_64", tmp_path).world
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert collect_host(world).virtual_machine is True


def test_an_empty_file_system_gives_unknowns(tmp_path: Path) -> None:
    world = RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=tmp_path, commands_fail=True)
    host = collect_host(world)
    assert host.emulated_linux is False
    assert (host.chip, host.memory_bytes, host.virtual_machine) == (None, None, None)
    assert host.unknown["chip"].kind is UnknownKind.UNAVAILABLE
