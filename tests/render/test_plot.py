"""The benchmark as a picture."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import benches
import reports
from m1doctor.errors import UserError
from m1doctor.model.report import Report
from m1doctor.render.plot import check_plot, drawn, picture


def of(**parts: object) -> Report:
    return reports.report(benches.measured(**parts), [])[0]


def test_an_svg_shows_every_part_its_figures_and_the_peak() -> None:
    root = ET.fromstring(drawn(of(), ".svg"))  # noqa: S314 - our own document
    text = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for words in (
        "compute-bound: 3.72 TFLOP/s, 70% of the chip's peak",
        "Matrix products on GPU:0, best",
        "best; the line is the chip's peak, 5.31 TFLOP/s",
        "A training step on GPU:0, 10% of the smallest does not grow",
        "The same step behind input pipelines, 8 pictures each",
        "40, waits 62%",
    ):
        assert words in text


def test_a_png_is_one_and_sharp() -> None:
    png = drawn(of(), ".png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 900
    assert height > 500


def test_what_was_not_measured_has_no_chart() -> None:
    assert len(picture(of())["vconcat"]) == 3
    assert len(picture(of(input=None, sweep=None))["vconcat"]) == 1
    drawn(of(input=None, sweep=None, matmul=None, launch=None), ".svg")


def test_a_name_that_says_no_format_is_refused() -> None:
    check_plot(Path("figure.svg"))
    with pytest.raises(UserError, match=r"ends in neither of \.svg and \.png"):
        check_plot(Path("figure.jpeg"))
