"""MAC005 low-power-mode: the system is slow on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report low power mode for the power source in use."""
    assert facts.power is not None  # noqa: S101 - declared in `needs`
    power = facts.power
    if not power.low_power_mode:
        return
    charge = f", {power.battery_percent} %" if power.battery_percent is not None else ""
    source = f" ({power.source}{charge})" if power.source else ""
    yield Finding(
        level=Level.WARNING,
        message=f"Low power mode is on{source}: processor and GPU run slower on purpose.",
        expected="low power mode off while training or measuring",
        evidence=("pmset -g: lowpowermode 1", *((f"power source: {power.source}",) if power.source else ())),
        remedy=Remedy(
            summary="Switch low power mode off while training or measuring.",
            steps=(
                manual(
                    "In System Settings > Battery (or Energy), set Low Power Mode to Never, or to Only on Battery and "
                    "plug the Mac in."
                ),
            ),
        ),
    )


CHECK = Check(
    id="MAC005",
    slug="low-power-mode",
    level=Level.WARNING,
    stage=Stage.HOST,
    needs=("power.low_power_mode",),
    judge=judge,
    passes="Low power mode is off.",
    page=Page(
        what="macOS is in low power mode for the power source in use: it lowers the clocks of processor and GPU.",
        why=(
            "Training takes longer, and every speed measured now is too low. Nothing is broken; results are the same."
        ),
        see=(
            "Run `pmset -g`: `lowpowermode 1`, or `powermode 1` on a Mac that has a high power mode as well. "
            "`pmset -g custom` shows the setting for each power source."
        ),
        fix="System Settings > Battery > Low Power Mode: Never, or Only on Battery.",
        sources=(
            Source("Apple Support: use Low Power Mode on your Mac", "https://support.apple.com/en-us/101613"),
            Source("PowerManagement sources: pmset.m", "https://github.com/apple-oss-distributions/PowerManagement"),
        ),
    ),
)
