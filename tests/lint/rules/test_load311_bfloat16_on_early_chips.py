from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from linting import A_MAC, findings, lines

RULE = "LOAD311"
TEXT = "import keras\nkeras.mixed_precision.set_global_policy('mixed_bfloat16')\n"


@pytest.mark.parametrize(("chip", "number"), [("Apple M1 Pro", 1), ("M2", 1), ("Apple M3 Max", 0), ("Apple M4", 0)])
def test_it_depends_on_the_chip(tmp_path: Path, chip: str, number: int) -> None:
    assert len(lines(tmp_path, TEXT, RULE, replace(A_MAC, chip=chip))) == number


def test_on_an_unknown_chip_it_says_if(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, TEXT, RULE, replace(A_MAC, chip=None))
    assert found.only_if == "the chip is an M1 or M2"


def test_another_policy_is_left_alone(tmp_path: Path) -> None:
    assert lines(tmp_path, TEXT.replace("mixed_bfloat16", "float32"), RULE) == []
