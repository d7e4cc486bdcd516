"""The timeline of a watched script as plots: the GPU, processors, memory, swap, steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from m1doctor.checks.sizes import memory_size
from m1doctor.checks.worthwhile import worthwhile
from m1doctor.model.profile import Profile, Sample
from m1doctor.model.report import Report
from m1doctor.render.elements import element
from m1doctor.render.plots import Line, Strip, over_time, samples
from m1doctor.render.profile import how_it_ended, not_told, rows

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FEWEST = 2


def timeline(report: Report) -> Iterator[Element]:
    """How the script ran, what is most worth while, and every plot that its samples allow."""
    profile = report.facts.profile
    if profile is None:
        return
    yield element("p", how_it_ended(profile) + ".")
    changes = [
        element("li", f"{change.what} ({change.id})" + (f", {change.place}" if change.place else ""))
        for change in worthwhile(report)
    ]
    if changes:
        yield element("p", element("strong", "Most worth while"))
        yield element("ol", *changes)
    words = {label: told for label, _, told, _ in rows(profile)}
    yield from _busy(profile, words)
    yield from _memory(profile, words)
    inside = profile.inside
    if inside is not None and inside.steps.periods:
        strip = Strip(name="time of a step", samples=inside.steps.periods)
        yield samples("Steps", f"{words['steps']}.", [strip], unit="s")
    for unknown in not_told(profile):
        yield element("p", f"{unknown}.")


def _busy(profile: Profile, words: dict[str, str]) -> Iterator[Element]:
    gpu = _points(profile, lambda each: each.gpu_share)
    if len(gpu) >= _FEWEST:
        yield over_time("GPU", f"{words['GPU']}.", [Line(name="GPU", points=gpu)], top=1.0, top_words="100 %")
    cores = _points(profile, lambda each: each.cpu_cores)
    top = float(profile.cores or max((cores_used for _, cores_used in cores), default=1.0) or 1.0)
    if len(cores) >= _FEWEST:
        yield over_time(
            "Processor",
            f"{words['processor']}.",
            [Line(name="cores in use", points=cores)],
            top=top,
            top_words=f"{top:.0f} cores",
        )


def _memory(profile: Profile, words: dict[str, str]) -> Iterator[Element]:
    lines = [
        Line(name=name, points=points)
        for name, points in (
            ("of the script", _points(profile, lambda each: each.resident_bytes)),
            ("available on the machine", _points(profile, lambda each: each.available_bytes)),
            ("swap used", _points(profile, lambda each: each.swap_used_bytes)),
        )
        if len(points) >= _FEWEST
    ]
    top = max((value for line in lines for _, value in line.points), default=0.0)
    if lines and top:
        says = f"The script's: {words['memory']}." if "memory" in words else "The machine's."
        yield over_time("Memory", says, lines, top=top, top_words=memory_size(int(top)))


def _points(profile: Profile, value: Callable[[Sample], float | None]) -> tuple[tuple[float, float], ...]:
    found = ((each.seconds, value(each)) for each in profile.samples)
    return tuple((seconds, float(known)) for seconds, known in found if known is not None)
