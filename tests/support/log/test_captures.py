"""Captured logs of real Macs: the failing ones name their cause, the healthy ones none."""

from __future__ import annotations

from pathlib import Path

import pytest

import logs
from environments import real

FOLDER = real.SHARED / "captures"
FILES = sorted([*FOLDER.glob("tf-metal.*"), *FOLDER.glob("tf.*"), *FOLDER.glob("dlopen.*")])
CAUSES = {
    "tf-metal.dlopen-fail.flat-namespace.tf2.13-py38.txt": ["LNK002"],
    "tf-metal.dlopen-fail.pywrap_tensorflow_internal.py310.txt": ["LNK001"],
    "tf.avx-abort.stderr.txt": ["TF002"],
    "dlopen.incompatible-arch.libomp.txt": ["PY004"],
}
pytestmark = pytest.mark.skipif(not FILES, reason="the captures are not at hand")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_captured_log_names_its_cause_and_a_healthy_one_none(path: Path) -> None:
    assert logs.causes(path.read_bytes()) == CAUSES.get(path.name, [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_line_of_a_captured_log_is_an_unknown_error(path: Path) -> None:
    assert logs.read(path.read_bytes()).unknown_errors == 0


def test_captures_of_both_kinds_were_read() -> None:
    assert set(CAUSES) <= {path.name for path in FILES}
    assert len(FILES) > 2 * len(CAUSES)
