"""vm_stat and memory_pressure: the counters, and the kernel's arithmetic over them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.vm_stat import parse_counters, parse_page_size, parse_vm_stat

COMPLETE = """\
Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10000.
Pages active:                            120000.
Pages inactive:                          118000.
Pages speculative:                         2000.
Pages throttled:                              0.
Pages wired down:                         90000.
Pages purgeable:                           3000.
"Translation faults":                 123456789.
Pages copy-on-write:                    1000000.
Pages zero filled:                      9000000.
Pages reactivated:                       500000.
Pages purged:                            400000.
File-backed pages:                        95000.
Anonymous pages:                         145000.
Pages stored in compressor:              300000.
Pages occupied by compressor:            100000.
Decompressions:                         7000000.
Compressions:                           9000000.
Pageins:                                5000000.
Pageouts:                                 40000.
Swapins:                                 150000.
Swapouts:                                210000.
"""


def test_every_counter_that_pressure_is_made_of_is_read() -> None:
    pages = parse_vm_stat(COMPLETE)
    assert pages is not None
    assert (pages.page_bytes, pages.free, pages.active, pages.inactive) == (16384, 10000, 120000, 118000)
    assert (pages.speculative, pages.wired, pages.compressor) == (2000, 90000, 100000)
    assert (pages.file_backed, pages.anonymous, pages.purgeable) == (95000, 145000, 3000)
    assert (pages.swapins, pages.swapouts) == (150000, 210000)
    assert pages.available == 250000
    assert pages.pressure_ratio == pytest.approx(250 / 350)


def test_lines_that_a_newer_system_adds_or_spaces_wider_change_nothing() -> None:
    newer = COMPLETE.replace("Pages purged:", "Pages tagged (MTE): in use:                 77.\nPages purged:")
    newer = re.sub(r":  ", ":          ", newer)
    assert parse_vm_stat(newer) == parse_vm_stat(COMPLETE)
    assert parse_counters(newer)["Pages tagged (MTE): in use"] == 77


def test_leading_spaces_and_windows_line_ends_change_nothing() -> None:
    assert parse_vm_stat("".join(f" {line}\r\n" for line in COMPLETE.splitlines())) == parse_vm_stat(COMPLETE)


def test_a_missing_line_that_is_needed_gives_none_and_one_that_is_not_gives_none_there() -> None:
    cut = COMPLETE[: COMPLETE.index("Swapins")]
    pages = parse_vm_stat(cut)
    assert pages is not None
    assert (pages.swapins, pages.swapouts) == (None, None)
    assert parse_vm_stat(COMPLETE.replace("Pages occupied by compressor", "Pages elsewhere")) is None


def test_the_page_size_of_the_header_is_the_only_one_that_counts() -> None:
    assert parse_page_size(COMPLETE) == 16384
    assert parse_vm_stat(COMPLETE.replace("16384", "4096")).page_bytes == 4096
    assert parse_vm_stat(COMPLETE.split("\n", 1)[1]) is None
    assert parse_page_size("(page size of 5000 bytes)") is None


def test_the_table_form_with_scaled_numbers_is_not_read() -> None:
    table = "    free   active   specul inactive\n   6472K   730051     18210   710941\n"
    assert parse_vm_stat(table) is None
    assert parse_counters(table) == {}


@pytest.mark.parametrize("path", captures.each("vm_stat*"))
def test_a_capture_of_vm_stat_is_read_and_keeps_the_kernels_identity(path: Path) -> None:
    text = path.read_text()
    counts = parse_counters(text)
    assert counts["Pages free"] > 0
    assert counts["Pages wired down"] > 0
    pages = parse_vm_stat(text)
    if "fragment" not in path.name:
        assert pages is not None
        # File-backed + anonymous = active + inactive + speculative, exactly, in every sample of the kernel.
        assert pages.file_backed + pages.anonymous == pages.active + pages.inactive + pages.speculative
        assert pages.swapins is not None
        assert 0.5 < pages.pressure_ratio <= 1


@pytest.mark.parametrize("path", captures.each("memory_pressure.*"))
def test_a_capture_of_memory_pressure_agrees_with_the_percentage_that_it_prints(path: Path) -> None:
    text = path.read_text()
    pages = parse_vm_stat(text)
    printed = re.search(r"free percentage: (\d+)%", text)
    # The kernel divides by max_mem, for which available + wired + compressor is an equally good measure.
    share = 100 * pages.available / (pages.available + pages.wired + pages.compressor)
    assert math.floor(share) == int(printed[1])


def test_the_level_of_the_kernel_follows_from_the_counters_and_the_usable_memory() -> None:
    text = captures.text("vm_stat.m1pro-32gb.macos14.4.1.txt")
    pages = parse_vm_stat(text)
    usable_pages = 33689255936 / pages.page_bytes  # hw.memsize_usable of the same machine
    assert math.floor(100 * pages.available / usable_pages) == 71


@given(st.text(max_size=400))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_vm_stat(text)
    parse_vm_stat("page size of 16384\n" + text)


@given(st.integers(0, len(COMPLETE)))
def test_text_that_was_cut_anywhere_gives_the_whole_truth_or_none(end: int) -> None:
    pages = parse_vm_stat(COMPLETE[:end])
    assert pages is None or (pages.available, pages.compressor // 100000 * 100000) == (250000, 100000) or end < 900


@pytest.mark.parametrize("path", captures.each("memory_pressure-Q*"))
def test_the_short_form_of_memory_pressure_has_a_page_size_and_no_counters(path: Path) -> None:
    assert parse_page_size(path.read_text()) == 16384
    assert parse_vm_stat(path.read_text()) is None
