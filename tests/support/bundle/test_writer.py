from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.support.bundle.writer import write_approved


def refuse(content: bytes) -> None:
    raise RuntimeError(content.decode())


def test_what_stands_in_the_file_is_handed_over(tmp_path: Path) -> None:
    seen: list[bytes] = []
    write_approved(tmp_path / "x.zip", b"abc", seen.append)
    assert seen == [b"abc"]
    assert (tmp_path / "x.zip").read_bytes() == b"abc"
    assert (tmp_path / "x.zip").stat().st_mode & 0o077 == 0


def test_a_refused_file_is_destroyed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        write_approved(tmp_path / "x.zip", b"abc", refuse)
    assert list(tmp_path.iterdir()) == []


def test_a_different_file_is_kept_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"old")
    write_approved(path, b"new", len)
    write_approved(path, b"new", len)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"x.zip": b"new", "x.zip.bak": b"old"}
