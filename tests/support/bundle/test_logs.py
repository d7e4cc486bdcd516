from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.support.bundle.logs import KEEP_BYTES, kept_text


@pytest.mark.parametrize("size", [0, 1, 2 * KEEP_BYTES])
def test_a_log_of_ordinary_size_is_kept_whole(tmp_path: Path, size: int) -> None:
    (tmp_path / "log").write_bytes(b"x" * size)
    assert kept_text(tmp_path / "log") == "x" * size


def test_of_a_long_log_both_ends_are_kept(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a" * KEEP_BYTES + b"b" * 10 + b"c" * KEEP_BYTES)
    assert kept_text(tmp_path / "log") == "a" * KEEP_BYTES + "\n[10 bytes dropped]\n" + "c" * KEEP_BYTES


def test_bytes_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff\xfe ok")
    assert kept_text(tmp_path / "log").endswith(" ok")
