"""The benchmark drawn in text."""

from __future__ import annotations

from dataclasses import replace

import pytest

import benches
from m1doctor.model.facts import Facts
from m1doctor.render.bench import tell_bench
from m1doctor.render.page import Canvas


def shown(facts: Facts, *, width: int = 80, unicode: bool = True) -> str:
    page = Canvas(width=width, colour=False, unicode=unicode)
    tell_bench(page, facts)
    return page.text()


def test_a_healthy_mac_is_drawn_with_its_peak() -> None:
    assert shown(benches.measured()) == (
        """\
Benchmark
  compute-bound 3.72 TFLOP/s, 70% of the chip's peak

  Matrix products on GPU:0: best, median, samples
    float32   2048  3.72 TFLOP/s  3.72 TFLOP/s  ███████
    peak     ████████████████████░░░░░░░░ 70% of 5.31 TFLOP/s
             16 cores at 1.296 GHz, clock read on this machine

  Small ops on GPU:0
    30.0 us each in a tf.function, 2.0 times (2.0 to 2.0) as long one by one

  A training step on GPU:0, 4 layers of 1024, by batch size
        64     10.0 ms  ████████░░░░░░░░░░░░░░░░░░░░
       128     19.0 ms  ██████████████░░░░░░░░░░░░░░
       256     37.0 ms  ████████████████████████████
    10% (10% to 10%) of the smallest does not grow with the batch

  The same step behind pipelines, 8 pictures each: length, and the share that
  waits
    synthetic    15.0 ms  ██████████░░░░░░░░░░░░░░░░░░   0%
    good         15.8 ms  ███████████░░░░░░░░░░░░░░░░░   2%
    naive        40.0 ms  ████████████████████████████  62%

  Meanwhile: GPU work 90% of the time of matmul; 0 pages to and from swap;
             memory pressure normal
"""
    )


def test_causes_are_told_with_what_to_change_and_doubt_as_doubt() -> None:
    text = shown(benches.measured(sweep=benches.sweep(0.9)))
    assert "  launch-bound 90% (90% to 90%) of a step at batch 64 does not grow" in text
    assert "    Raise the batch to 576 or more;" in text
    few = benches.sweep(0.9)
    runs = tuple(replace(run, seconds=run.seconds[:3]) for run in few.runs)
    assert "launch-bound (unsure) 90%" in shown(benches.measured(sweep=replace(few, runs=runs)))


def test_an_unknown_peak_is_told_and_a_dtype_without_a_kernel() -> None:
    host = replace(benches.M1_PRO, chip="Apple M9")
    matmul = replace(benches.matmul(), without_kernel=("float16",))
    text = shown(benches.measured(host=host, matmul=matmul, load=replace(benches.load(), gpu_clock_hz=None)))
    assert "peak unknown: Apple M9 is unknown, and the machine does not tell its clock" in text
    assert "no kernel on GPU:0 for float16" in text


def test_nothing_is_drawn_where_nothing_was_measured() -> None:
    assert shown(Facts()) == "\n"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_prose_keeps_to_the_width_and_ascii_is_ascii(width: int) -> None:
    text = shown(benches.measured(), width=width, unicode=False)
    assert text.isascii()
