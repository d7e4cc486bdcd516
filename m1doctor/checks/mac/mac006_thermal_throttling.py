"""MAC006 thermal-throttling: the system reports that it is hot."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.power import ThermalPressure
from m1doctor.model.remedy import Remedy, manual

_REMEDY = Remedy(
    summary="Let the Mac cool down before measuring, and give it air while training.",
    steps=(
        manual("Wait some minutes with the load off, then look again: the level falls by itself."),
        manual(
            "Put the Mac on a hard surface with free vents; a MacBook Air has no fan and slows down under any long "
            "load."
        ),
    ),
)


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a thermal pressure above nominal, and on Intel Macs a speed limit."""
    assert facts.power is not None  # noqa: S101 - declared in `needs`
    assert facts.power.thermal_pressure is not None  # noqa: S101 - likewise
    level = facts.power.thermal_pressure
    if level is not ThermalPressure.NOMINAL:
        throttled = list(ThermalPressure).index(level) >= threshold("thermal-warn-level")
        yield Finding(
            level=Level.WARNING if throttled else Level.NOTE,
            message=f"macOS reports {level.value} thermal pressure: "
            + ("processor and GPU are slowed down." if throttled else "the Mac is warm, and may slow down soon."),
            expected="nominal thermal pressure",
            evidence=(f"com.apple.system.thermalpressurelevel {list(ThermalPressure).index(level)} ({level.value})",),
            remedy=_REMEDY,
        )
    limit = facts.power.cpu_speed_limit_percent
    if limit is not None and limit < threshold("cpu-speed-limit-percent"):
        yield Finding(
            level=Level.WARNING,
            message=f"macOS limits the processor to {limit} % of its speed.",
            expected="CPU_Speed_Limit 100",
            evidence=(f"pmset -g therm: CPU_Speed_Limit = {limit}",),
            remedy=_REMEDY,
        )


CHECK = Check(
    id="MAC006",
    slug="thermal-throttling",
    level=Level.WARNING,
    stage=Stage.HOST,
    needs=("power.thermal_pressure",),
    judge=judge,
    passes="macOS reports no thermal pressure.",
    page=Page(
        what=(
            "The system's own thermal level is above nominal: moderate (warm), heavy (clocks are cut), trapping or "
            "sleeping (about to stop)."
        ),
        why=(
            "From heavy on, processor and GPU run slower than they can, so training slows down and measurements are "
            "low."
        ),
        see=(
            "Run `notifyutil -g com.apple.system.thermalpressurelevel`: 0 is nominal, or not reported; 1 moderate, "
            "2 heavy, 3 trapping, 4 sleeping. `pmset -g therm` stays silent on Apple silicon, hot or not."
        ),
        fix="Let it cool down; give it air. Shorter runs with pauses give steadier numbers on a Mac without a fan.",
        sources=(
            Source(
                "Apple: respond to thermal state changes",
                "https://developer.apple.com/library/archive/documentation/Performance/Conceptual/"
                "power_efficiency_guidelines_osx/RespondToThermalStateChanges.html",
            ),
            Source("D. MacLachlan: Thermals and macOS", "https://dmaclach.medium.com/thermals-and-macos-c0db81062889"),
        ),
    ),
)
