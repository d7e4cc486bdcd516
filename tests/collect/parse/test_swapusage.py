"""vm.swapusage: M is MiB, and the decimal sign follows the locale."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.swapusage import SwapUsage, parse_swapusage

MIB = 2**20


def test_sizes_are_bytes() -> None:
    usage = parse_swapusage("total = 3072.00M  used = 2132.50M  free = 939.50M  (encrypted)")
    assert usage == SwapUsage(total=3072 * MIB, used=round(2132.5 * MIB), free=round(939.5 * MIB))


def test_a_decimal_comma_is_read_as_well() -> None:
    assert parse_swapusage("total = 2048,00M  used = 1,25M  free = 2046,75M").used == round(1.25 * MIB)


def test_no_swap_file_is_zero_and_not_unknown() -> None:
    assert parse_swapusage("total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)") == SwapUsage(0, 0, 0)


@pytest.mark.parametrize("text", ["", "total = 1.00M", "total = xM used = 1M free = 1M", "total 1M used 1M free 1M"])
def test_other_text_is_unknown(text: str) -> None:
    assert parse_swapusage(text) is None


@pytest.mark.parametrize(
    "path", captures.each("sysctl*swap*", "sysctl*level2*", "vm_stat+sysctl*", "sysctl.vm.old-intel*")
)
def test_a_capture_is_read_and_its_parts_add_up(path: Path) -> None:
    usage = parse_swapusage(path.read_text())
    assert usage is not None
    assert abs(usage.used + usage.free - usage.total) <= 0.02 * MIB


@given(st.integers(0, 2**40), st.integers(0, 2**40), st.sampled_from(".,"))
def test_sizes_come_back_to_the_hundredth_of_a_mebibyte(used: int, free: int, sign: str) -> None:
    def printed(size: float) -> str:
        return f"{size / MIB:.2f}M".replace(".", sign)

    text = f"total = {printed(used + free)}  used = {printed(used)}  free = {printed(free)}  "
    usage = parse_swapusage(text)
    assert abs(usage.used - used) <= 0.005 * MIB + 1
    assert abs(usage.total - used - free) <= 0.005 * MIB + 1


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_swapusage(text)
