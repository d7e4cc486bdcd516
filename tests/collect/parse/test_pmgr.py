"""The clock of the GPU from the power manager."""

from __future__ import annotations

import plistlib
import struct

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.pmgr import parse_gpu_clock

M1 = (0, 396e6, 528e6, 720e6, 924e6, 1128e6, 1278e6, 0)


def printed(*hertz: float, key: str = "voltage-states9") -> str:
    """What `ioreg -a` prints for these states."""
    data = b"".join(struct.pack("<II", int(each), 700) for each in hertz)
    return plistlib.dumps([{"IOObjectClass": "IOPlatformDevice", key: data}]).decode()


def test_the_clock_is_the_highest_of_the_states() -> None:
    assert parse_gpu_clock(printed(*M1)) == 1278e6


def test_states_of_something_else_or_in_another_unit_are_unknown() -> None:
    assert parse_gpu_clock(printed(*M1, key="voltage-states5")) is None
    assert parse_gpu_clock(printed(396e3, 1278e3)) is None
    assert parse_gpu_clock(printed(0, 0)) is None
    assert parse_gpu_clock(printed()) is None


def test_no_node_and_no_property_list_are_unknown() -> None:
    assert parse_gpu_clock("") is None
    assert parse_gpu_clock("pmgr") is None
    assert parse_gpu_clock(plistlib.dumps({"voltage-states9": b""}).decode()) is None


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    parse_gpu_clock(text)


@given(st.binary(max_size=64))
def test_any_states_are_survived(data: bytes) -> None:
    clock = parse_gpu_clock(plistlib.dumps([{"voltage-states9": data}]).decode())
    assert clock is None or 200e6 <= clock <= 4e9
