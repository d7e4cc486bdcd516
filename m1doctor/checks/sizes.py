"""Sizes in words: memory in powers of 1024, storage in powers of 1000, both called GB as macOS does."""

from __future__ import annotations

_GIBIBYTE = 2**30
_GIGABYTE = 10**9
_WHOLE_FROM = 10


def memory_size(size: int) -> str:
    """Memory, e.g. ``"8.0 GB"`` or ``"36 GB"``."""
    return _gigabytes(size / _GIBIBYTE)


def disk_size(size: float) -> str:
    """Room on a disk, e.g. ``"2.1 GB"``."""
    return _gigabytes(size / _GIGABYTE)


def _gigabytes(amount: float) -> str:
    return f"{amount:.0f} GB" if amount >= _WHOLE_FROM else f"{amount:.1f} GB"
