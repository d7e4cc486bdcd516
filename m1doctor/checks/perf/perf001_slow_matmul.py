"""PERF001 slow-matmul: the GPU multiplies matrices far below what its chip does."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.bench.figures import best_speed, median_speed, product_of
from m1doctor.bench.peak import Peak, peak_of
from m1doctor.bench.verdicts import peak_share, speed_words, throttled
from m1doctor.checks.bench_words import applies_on_gpu, samples_line
from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, Step, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the best float32 product where it reaches too small a share of the peak."""
    assert facts.bench is not None  # noqa: S101 - declared in `needs`
    assert facts.bench.matmul is not None  # noqa: S101 - likewise
    run, peak, share = product_of(facts.bench.matmul), peak_of(facts), peak_share(facts)
    if run is None or share is None or not isinstance(peak, Peak) or share >= threshold("matmul-healthy-share"):
        return
    held = throttled(facts)
    steps: list[Step] = [manual(f"{held.change} ({held.figure})")] if held is not None else []
    steps += [
        manual("Close what else uses the GPU: Activity Monitor > Window > GPU History, and the column % GPU."),
        manual("Run `m1doctor bench` again on a quiet machine, on mains power."),
    ]
    yield Finding(
        level=Level.WARNING if share < threshold("matmul-slow-share") else Level.NOTE,
        message=f"The best {run.size} x {run.size} float32 product reaches {speed_words(best_speed(run))}, {share:.0%} "
        f"of this chip's peak of {speed_words(peak.flops_per_second)}.",
        expected=f"{threshold('matmul-healthy-share'):.0%} or more",
        evidence=(
            f"peak: {peak.cores} cores x 128 ALUs x 2 x {peak.clock_hz / 1e9:.3f} GHz ({peak.source})",
            f"best {speed_words(best_speed(run))}, median {speed_words(median_speed(run))}",
            samples_line(f"{run.products} products", run.seconds),
        ),
        remedy=Remedy(summary="Find out what else uses the GPU, or what holds it back.", steps=tuple(steps)),
    )


def _applies(facts: Facts) -> str | None:
    reason = applies_on_gpu(facts)
    if reason is not None:
        return reason
    peak = peak_of(facts)
    return peak if isinstance(peak, str) else None


def _passes(facts: Facts) -> str:
    share = peak_share(facts)
    run = product_of(facts.bench.matmul) if facts.bench and facts.bench.matmul else None
    if share is None or run is None:
        return "No float32 product was timed."
    return f"A {run.size} x {run.size} product reaches {speed_words(best_speed(run))}, {share:.0%} of the chip's peak."


CHECK = Check(
    id="PERF001",
    slug="slow-matmul",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("bench.matmul",),
    after=("TF006", "TF007"),
    applies=_applies,
    judge=judge,
    passes=_passes,
    page=Page(
        what=(
            "Matrix products are far slower than the chip allows. "
            "Chains of float32 products were timed, of a size whose product takes 8 ms or more, and the best of them "
            "is set against the peak of the chip: cores x 128 ALUs x 2 operations x the highest clock that the "
            "machine's power manager lists. Healthy Macs reach half of it or more; below a quarter something is wrong, "
            "between the two something holds the GPU back."
        ),
        why=(
            "A matrix product is the simplest work there is. Where it is slow, so is all training, whatever the script "
            "does."
        ),
        see=(
            "Run `m1doctor bench --only matmul`. Activity Monitor shows who else uses the GPU; `pmset -g` shows "
            "`lowpowermode`."
        ),
        fix=(
            "Close other users of the GPU (a browser with video, another training run), switch low power mode off, let "
            "a hot machine cool down. On a chip that m1doctor does not know, nothing is said."
        ),
        sources=(
            Source(
                "tlkh/tf-metal-experiments: a sweep of sizes on an M1 Max, 76 % of peak",
                "https://github.com/tlkh/tf-metal-experiments",
                "2026-11-23",
            ),
            Source(
                "philipturner/metal-benchmarks: 128 ALUs a core",
                "https://github.com/philipturner/metal-benchmarks",
                "2026-11-23",
            ),
        ),
    ),
)
