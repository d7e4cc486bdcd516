"""Facts about the machine while the work ran: GPU time of the process, memory, swap, heat. Sampled from outside."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.memory import PressureLevel
from m1doctor.model.power import ThermalPressure
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class LoadSample:
    """One look at the machine."""

    seconds: float
    """Since the child was started."""
    part: str
    """The part of the work that ran."""
    gpu_nanoseconds: int | None = None
    """GPU time that the process has had so far: `accumulatedGPUTime` of the IO registry, summed over its clients."""
    gpu_busy_percent: int | None = None
    """`Device Utilization %`: of the whole GPU, whoever uses it."""
    pressure: PressureLevel | None = None
    swapins: int | None = None
    """Pages read back from swap since boot."""
    swapouts: int | None = None
    thermal_pressure: ThermalPressure | None = None


@record(frozen=True, slots=True, kw_only=True)
class Load:
    """The machine while the work ran."""

    samples: tuple[LoadSample, ...] = ()
    gpu_clock_hz: float | None = None
    """The highest clock among the states of the GPU, as the machine's power manager lists them."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
    """Why a field of the samples is missing in all of them, or the clock."""

    def gpu_share(self, part: str) -> float | None:
        """Share of the time of `part` in which this process had work on the GPU; `None` where it was not counted."""
        counted = [
            (sample.seconds, sample.gpu_nanoseconds)
            for sample in self.samples
            if sample.part == part and sample.gpu_nanoseconds is not None
        ]
        if len(counted) < 2 or counted[-1][0] <= counted[0][0]:  # noqa: PLR2004 - a difference takes two
            return None
        return (counted[-1][1] - counted[0][1]) / 1e9 / (counted[-1][0] - counted[0][0])

    def swapped_pages(self) -> int | None:
        """Pages that went to or came from swap between the first and the last sample; `None` where not counted."""
        counted = [
            sample.swapins + sample.swapouts
            for sample in self.samples
            if sample.swapins is not None and sample.swapouts is not None
        ]
        return counted[-1] - counted[0] if len(counted) > 1 else None

    @property
    def watched_seconds(self) -> float:
        """Time between the first and the last sample."""
        return self.samples[-1].seconds - self.samples[0].seconds if self.samples else 0.0
