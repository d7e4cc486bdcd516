"""A watched script for people: one line while it runs, and how it ran when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from m1doctor.checks.sizes import memory_size
from m1doctor.checks.worthwhile import Worthwhile, worthwhile
from m1doctor.model.profile import Inside, Profile, Sample, Watch
from m1doctor.model.report import Report
from m1doctor.render.drawing import gathered, sparkline
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import plain

_LABEL = 11
"""Characters of the names before the rows."""
_FEWEST_SAMPLES = 3


def live_words(sample: Sample, seen: Inside | None) -> str:
    """What is known right now, in one line."""
    words = [f"{sample.seconds:.0f} s"]
    if sample.gpu_share is not None:
        words.append(f"GPU {sample.gpu_share:.0%}")
    if sample.cpu_cores is not None:
        words.append(f"{sample.cpu_cores:.1f} cores")
    if sample.resident_bytes is not None:
        words.append(memory_size(sample.resident_bytes))
    if sample.pressure is not None:
        words.append(f"memory {sample.pressure}")
    if sample.swapped_pages:
        words.append(f"swapping {sample.swapped_pages} pages")
    if seen is not None and seen.steps.count:
        median = seen.steps.median_seconds
        words.append(f"{seen.steps.count} steps" + (f" of {median * 1000:.1f} ms" if median else ""))
        if seen.wait_share is not None:
            words.append(f"{seen.wait_share:.0%} waiting for input")
    return " · ".join(words)


def tell_profile(page: Canvas, report: Report, *, width: int) -> None:
    """How the script ran, and the changes that are most worth while."""
    profile = report.facts.profile
    if profile is None:
        return
    changes = worthwhile(report)
    if changes:
        page.gap()
        page.add("Most worth while" if len(changes) > 1 else "Worth while", style="bold")
        for number, change in enumerate(changes, 1):
            _change(page, number, change)
    page.gap()
    page.add(f"How it ran: {plain(how_it_ended(profile))}", style="bold")
    room = max(10, min(40, width - 40))
    for label, values, words, most in rows(profile):
        known = gathered([value or 0.0 for value in values], room)
        drawn = sparkline(known, room, most=most) if len(values) >= _FEWEST_SAMPLES else ""
        lead = styled(f"  {label:<{_LABEL}}", "dim") + styled(f"{drawn}  " if drawn else "", "cyan")
        page.add(words, lead=lead)
    for unknown in not_told(profile):
        page.add(plain(unknown), indent=2, style="dim")


def not_told(profile: Profile) -> list[str]:
    """What could not be had of it, and why, a few words each."""
    return [f"{_NAMES.get(name, name)} unknown: {why.reason}" for name, why in profile.unknown.items()]


def _change(page: Canvas, number: int, change: Worthwhile) -> None:
    page.add(f"{plain(change.what)} ({change.id})", lead=f"{number}. ", indent=2)
    if change.place is not None:
        page.whole(plain(change.place), indent=5, style="dim")
    if change.source_line is not None:
        page.whole(plain(change.source_line.strip()), indent=7, style="cyan")
    if change.gain is not None:
        page.add(f"Worth: {plain(change.gain)}", indent=5)


def how_it_ended(profile: Profile) -> str:
    """The command, how long it took, and how it ended, in one clause."""
    command = " ".join(profile.command)
    watched = f"{command}, {profile.seconds:.1f} s"
    if profile.watch is Watch.ATTACHED:
        return f"{watched}, watched from outside" + (", and runs on" if profile.stopped_watching else "")
    if profile.signal is not None:
        return f"{watched}, ended by {profile.signal}"
    ended = f"{watched}, exit status {profile.returncode}"
    return f"{ended}, interrupted" if profile.interrupted else ended


Row = tuple[str, Sequence[float | None], str, float | None]


def rows(profile: Profile) -> Iterator[Row]:
    """Label, values over time, words, and the value that fills a column (`None`: the largest)."""
    samples = profile.samples
    if profile.gpu_share is not None:
        yield "GPU", [each.gpu_share for each in samples], f"had work {profile.gpu_share:.0%} of the time", 1.0
    if profile.cpu_cores is not None:
        of = f" of {profile.cores}" if profile.cores else ""
        yield "processor", [each.cpu_cores for each in samples], f"{profile.cpu_cores:.1f}{of} cores", profile.cores
    yield from _over(samples, "memory", lambda each: each.resident_bytes, "up to")
    yield from _over(samples, "swap used", lambda each: each.swap_used_bytes, "up to")
    swapped = sum(each.swapped_pages or 0 for each in samples)
    if swapped:
        yield "swapping", [each.swapped_pages for each in samples], f"{swapped} pages", None
    inside = profile.inside
    if inside is not None and inside.steps.count:
        yield "steps", inside.steps.periods, _steps_in_words(inside), None


def _over(samples: Sequence[Sample], label: str, value: Callable[[Sample], int | None], word: str) -> Iterator[Row]:
    values = [value(each) for each in samples]
    largest = max((each for each in values if each), default=None)
    if largest is not None:
        yield label, values, f"{word} {memory_size(largest)}", None


def _steps_in_words(inside: Inside) -> str:
    words = [f"{inside.steps.count}"]
    if inside.steps.median_seconds is not None:
        words[0] += f" of {inside.steps.median_seconds * 1000:.1f} ms"
    if inside.batch is not None:
        words.append(f"{inside.batch:.0f} examples each")
    if inside.wait_share is not None:
        words.append(f"{inside.wait_share:.0%} of the time waiting for input")
    return ", ".join(words)


_NAMES = {
    "gpu_seconds": "The GPU's time:",
    "thermal_pressure": "Heat:",
    "inside": "What happened inside:",
    "returncode": "How it ended:",
}
