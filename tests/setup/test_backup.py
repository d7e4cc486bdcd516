from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.reading import Reading
from m1doctor.setup import backup as backups
from m1doctor.setup.backup import Backup, BackupError, Kind
from m1doctor.setup.stock import Stock, take_stock

LINUX = Uname("Linux", "6.8", "#1 SMP", "x86_64")


def quiet(words: str) -> None:
    del words


def lay(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def contents(folder: Path) -> dict[str, object]:
    stock = take_stock(folder)
    return {path: entry._replace(inode=0) for path, entry in stock.files.items()} | dict.fromkeys(stock.folders)


FILES = {
    "site/numpy/__init__.py": "2.3.1",
    "site/numpy-2.3.1.dist-info/RECORD": "r",
    "bin/f2py": "#!",
    "site/x.py": "x",
}


def backed_up(tmp_path: Path, *paths: str) -> Backup:
    environment = lay(tmp_path / "env", FILES)
    (environment / "bin" / "python").symlink_to("/usr/bin/python3")
    backup = Backup(tmp_path / "backup", environment)
    world = RecordedWorld(uname=LINUX, root=Path("/"), commands_fail=True)
    assert backups.make(world, environment, backup.folder, paths, quiet) is Kind.COPY
    return backup


def test_what_was_replaced_added_and_removed_is_restored(tmp_path: Path) -> None:
    backup = backed_up(tmp_path, "site/numpy", "site/numpy-2.3.1.dist-info", "bin/f2py", "bin/python")
    before = contents(backup.environment)
    env = backup.environment
    (env / "site/numpy/__init__.py").write_text("1.26.4 or so")
    (env / "site/numpy-2.3.1.dist-info/RECORD").unlink()
    (env / "site/numpy-2.3.1.dist-info").rmdir()
    (env / "bin/python").unlink()
    lay(env, {"site/numpy-1.26.4.dist-info/RECORD": "other", "site/new/__pycache__/a.pyc": "code", "bin/new": "#!"})
    backups.restore(backup, quiet)
    assert contents(env) == before
    assert not (env / "site/new").exists()
    backups.restore(backup, quiet)
    assert contents(env) == before


def test_a_copy_shares_no_file_with_the_environment(tmp_path: Path) -> None:
    backup = backed_up(tmp_path, "site/numpy")
    copied = backup.tree / "site/numpy/__init__.py"
    assert copied.stat().st_ino != (backup.environment / "site/numpy/__init__.py").stat().st_ino


def test_a_file_that_the_backup_does_not_hold_is_told_and_all_others_are_restored(tmp_path: Path) -> None:
    backup = backed_up(tmp_path, "site/numpy")
    (backup.environment / "site/x.py").write_text("other text")
    (backup.environment / "site/numpy/__init__.py").write_text("other text")
    with pytest.raises(BackupError, match=r"1 files are not as they were.*site/x\.py"):
        backups.restore(backup, quiet)
    assert (backup.environment / "site/numpy/__init__.py").read_text() == "2.3.1"


def test_bytecode_is_nobodys_change(tmp_path: Path) -> None:
    backup = backed_up(tmp_path, "site/numpy")
    backup.note_after()
    lay(backup.environment, {"site/numpy/__pycache__/__init__.cpython-311.pyc": "code"})
    assert backups.changed_since(backup) == []


def test_an_unreadable_list_is_told_in_one_line(tmp_path: Path) -> None:
    backup = backed_up(tmp_path, "site/numpy")
    (backup.folder / "before.json").write_text('{"files": 3}')
    with pytest.raises(BackupError, match="cannot be read"):
        backups.restore(backup, quiet)


def test_a_clone_is_made_only_where_even_a_plain_copy_would_fit(tmp_path: Path) -> None:
    environment = lay(tmp_path / "env", FILES)
    clone, one = ("/bin/cp", "-c", "-R", "-p"), tmp_path / "one"
    cloned = [(one / "before.json", one / "trial"), (environment, one / "tree")]
    world = RecordedWorld(
        uname=Uname("Darwin", "24.1.0", "Darwin", "arm64"),
        root=Path("/"),
        volumes={str(tmp_path / "one"): (10**12, 10**9), str(tmp_path / "two"): (10**12, 3)},
        readings=[Reading(argv=(*clone, str(source), str(target)), returncode=0) for source, target in cloned],
    )
    assert backups.make(world, environment, tmp_path / "one", ["site"], quiet) is Kind.CLONE
    assert backups.make(world, environment, tmp_path / "two", ["site"], quiet) is Kind.COPY


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8)


@given(st.dictionaries(names.filter(lambda name: name not in (".", "..", ".lock")), st.binary(max_size=9), max_size=6))
def test_a_stock_survives_being_written(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    folder = tmp_path_factory.mktemp("stock")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    stock = take_stock(folder)
    assert stock.files.keys() == {path.name for path in folder.iterdir()}
    assert Stock.from_json(stock.to_json()) == stock
