from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest

import benches
import rendered
from m1doctor.model.bench import Bench
from m1doctor.model.facts import Facts
from m1doctor.model.load import Load, LoadSample
from m1doctor.model.memory import Memory, PressureLevel
from m1doctor.render.measured import plots
from machines import loading


def told(figure: Element) -> str:
    return " ".join("".join(figure.itertext()).split())


def titles(facts: Facts) -> list[str]:
    return [figure.findtext("figcaption/strong") or figure.findtext("strong") or "" for figure in plots(facts)]


SAMPLES = ["Matrix products", "Small operations", "A training step by batch size", "A step behind input pipelines"]


def test_all_that_was_measured_and_watched_is_drawn() -> None:
    assert titles(Facts(bench=benches.bench())) == [*SAMPLES, "GPU load", "Swap", "Memory pressure"]


def test_what_was_not_watched_is_not_drawn() -> None:
    assert "GPU load" not in titles(benches.on_cpu())
    assert titles(Facts()) == titles(Facts(bench=Bench())) == titles(Facts(memory=Memory())) == []
    assert titles(Facts(bench=Bench(load=Load(samples=benches.load().samples[:1])))) == []


def test_each_kind_of_sample_is_told_in_its_unit() -> None:
    figures = {title: told(figure) for title, figure in zip(SAMPLES, plots(Facts(bench=benches.bench())), strict=False)}
    assert "float32, 2048" in figures["Matrix products"]
    assert "GFLOP/s" in figures["Matrix products"]
    assert "as one graph30 µs" in figures["Small operations"]
    assert "batch 64" in figures["A training step by batch size"]
    assert "naive, waits 6" in figures["A step behind input pipelines"]


def test_gpu_time_is_the_rise_of_its_counter() -> None:
    bench = Bench(load=benches.load(gpu=0.25))
    figure = next(iter(plots(Facts(bench=bench))))
    (mine, _) = (mark for mark in figure.iter("path") if (mark.get("class") or "").startswith("line"))
    assert (mine.get("d") or "").startswith("M100 75L")


def test_swapping_is_told_in_pages_and_drawn_by_the_second() -> None:
    figure = list(plots(Facts(bench=Bench(load=benches.load(swapped=5000)))))[1]
    assert "5,000 in all" in told(figure)
    assert "1,000 pages/s" in told(figure)


def test_what_would_be_a_flat_line_is_a_sentence() -> None:
    figures = list(plots(Facts(bench=Bench(load=benches.load()))))
    assert [figure.tag for figure in figures] == ["figure", "p", "p"]
    assert told(figures[1]) == "Swap Pages to and from swap while the work ran: 0 in all."
    assert told(figures[2]) == "Memory pressure The kernel's own level while the work ran, at worst normal."


def test_the_worst_pressure_is_named_and_each_level_has_a_place() -> None:
    samples = tuple(
        LoadSample(seconds=float(number), part=f"part-{number // 2}", pressure=level)
        for number, level in enumerate((*PressureLevel, PressureLevel.NORMAL))
    )
    (figure,) = plots(Facts(bench=Bench(load=Load(samples=samples))))
    assert "at worst critical" in told(figure)
    (line,) = (mark for mark in figure.iter("path") if (mark.get("class") or "").startswith("line"))
    assert line.get("d") == "M0 100H333.3V50H666.7V0H1000V100"
    assert [span.text for span in figure.iter("span") if span.get("style")] == ["part-0", "part-1"]


def test_samples_at_one_moment_divide_by_nothing() -> None:
    load = benches.load()
    still = Load(samples=tuple(replace(sample, seconds=1.0) for sample in load.samples))
    assert "Swap" not in titles(Facts(bench=Bench(load=still)))


@pytest.mark.parametrize("name", loading.names())
def test_every_machine_shows_its_memory_where_it_is_known(name: str) -> None:
    facts = rendered.of_machine(name)[0].facts
    assert ("Memory" in titles(facts)) == (facts.memory is not None and facts.memory.available_bytes is not None)
