"""The lines that checks judge by."""

from __future__ import annotations

import re
from datetime import date

import pytest

from m1doctor.knowledge.thresholds import threshold, thresholds


@pytest.mark.parametrize("name", thresholds())
def test_every_line_says_what_it_means_and_where_it_comes_from(name: str) -> None:
    line = thresholds()[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", line.name)
    assert line.what
    assert line.source
    assert line.url is None or line.url.startswith("https://")
    assert date.fromisoformat(line.date)
    assert threshold(name) == line.value


def test_the_lines_of_memory_pressure_are_in_order() -> None:
    critical, uncritical, warn, normal = (
        threshold(f"pressure-ratio-{name}") for name in ("critical", "uncritical", "warn", "normal")
    )
    assert 0 < critical < uncritical < warn < normal < 1
    assert threshold("stall-percent-warn") < threshold("stall-percent-critical")


def test_an_unknown_name_is_a_defect_and_not_a_zero() -> None:
    with pytest.raises(KeyError):
        threshold("no-such-line")
