"""Sizes in words."""

from __future__ import annotations

from m1doctor.checks.sizes import disk_size, memory_size


def test_memory_counts_in_powers_of_1024_and_disks_in_powers_of_1000() -> None:
    assert memory_size(8 * 2**30) == "8.0 GB"
    assert memory_size(36 * 2**30) == "36 GB"
    assert disk_size(1.9e9) == "1.9 GB"
    assert disk_size(245.1e9) == "245 GB"
    assert memory_size(0) == "0.0 GB"
