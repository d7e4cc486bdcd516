"""Atomic writes and backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.files import keep_backup, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written_with_its_folders_and_the_users_mode(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.txt"
    write_atomically(path, "välue\n")
    (tmp_path / "usual").touch()
    assert path.read_bytes() == "välue\n".encode()
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert names(path.parent) == ["file.txt"]


def test_an_existing_file_keeps_its_mode_and_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("a longer text than the new one")
    path.chmod(0o640)
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "real.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_refused_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "a lone surrogate \udc80")
    with pytest.raises(OSError, match="directory"):
        write_atomically(tmp_path, "text")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file.txt"]


def test_backups_are_numbered_and_never_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    kept = []
    for text in ("one", "two", "three"):
        path.write_text(text)
        kept.append(keep_backup(path))
    assert [backup.name for backup in kept if backup] == ["file.txt.bak", "file.txt.bak2", "file.txt.bak3"]
    assert [backup.read_text() for backup in kept if backup] == ["one", "two", "three"]


def test_the_same_content_is_backed_up_once(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    for text in ("one", "two", "one", "two"):
        path.write_text(text)
        keep_backup(path)
    assert names(tmp_path) == ["file.txt", "file.txt.bak", "file.txt.bak2"]


def test_nothing_to_back_up_is_no_backup(tmp_path: Path) -> None:
    assert keep_backup(tmp_path / "absent") is None
    assert names(tmp_path) == []
