"""Facts about memory and swap. Sizes are bytes, rates are pages a second, taken from two samples."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


class PressureLevel(StrEnum):
    """The kernel's own judgement (`kern.memorystatus_vm_pressure_level`: 1, 2, 4)."""

    NORMAL = "normal"
    WARN = "warn"
    CRITICAL = "critical"


@record(frozen=True, slots=True, kw_only=True)
class PageCounts:
    """One sample of `vm_stat`, in pages of `page_bytes`."""

    page_bytes: int
    free: int
    active: int
    inactive: int
    speculative: int
    wired: int
    compressor: int
    """Pages that the compressor occupies."""
    file_backed: int | None = None
    anonymous: int | None = None
    purgeable: int | None = None
    swapins: int | None = None
    """Pages read back from swap files since boot."""
    swapouts: int | None = None

    @property
    def available(self) -> int:
        """The kernel's AVAILABLE_NON_COMPRESSED_MEMORY in pages: free + speculative + active + inactive.

        Source: xnu-11417.101.15, osfmk/vm/vm_page.h.
        """
        return self.free + self.speculative + self.active + self.inactive

    @property
    def pressure_ratio(self) -> float:
        """available / (available + compressor): the kernel warns below 0.50 and calls it critical below 0.343.

        Source: xnu-11417.101.15, osfmk/vm/vm_pageout.c.
        """
        total = self.available + self.compressor
        return self.available / total if total else 0.0


@record(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory pressure and swap."""

    total_bytes: int | None = None
    usable_bytes: int | None = None
    """`hw.memsize_usable`: what the kernel divides by; less than the total on Apple silicon.

    On Linux the limit of the control group, where there is one below the total.
    """
    available_bytes: int | None = None
    """On macOS free + speculative + active + inactive; on Linux `MemAvailable`."""
    pressure: PressureLevel | None = None
    pressure_source: str | None = None
    """Where the level comes from: the name of the kernel's variable, or the formula that stands in for it."""
    pages: PageCounts | None = None
    swap_used_bytes: int | None = None
    swap_total_bytes: int | None = None
    swapins_per_second: float | None = None
    swapouts_per_second: float | None = None
    sample_seconds: float | None = None
    """Time between the two samples."""
    compressor_bytes: int | None = None
    """Memory that the compressor occupies."""
    wired_limit_bytes: int | None = None
    """`iogpu.wired_limit_mb` in bytes; `None` with a reason where it is the system's default."""
    stall_percent: float | None = None
    """Linux: share of the last 10 s in which some task waited for memory (PSI `some avg10`)."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
