from __future__ import annotations

from pathlib import Path

from environments.site_folder import collect, lay_down


def test_an_import_package_names_its_owners(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", {"tensorflow/__init__.py": b""})
    (found,) = collect(tmp_path).modules
    assert (found.name, found.importable, found.owners) == ("tensorflow", True, ("tensorflow 2.18.1",))


def test_a_folder_that_nobody_records_has_no_owner(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow/__init__.py").touch()
    (found,) = collect(tmp_path).modules
    assert (found.importable, found.owners) == (True, ())


def test_a_folder_without_init_is_a_namespace_only(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (found,) = collect(tmp_path).modules
    assert not found.importable


def test_a_shim_leaves_no_module(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.14.0", requires=["tensorflow-macos==2.14.0"])
    assert collect(tmp_path).modules == ()


def test_the_fork_is_known_by_its_ml_compute_package(tmp_path: Path) -> None:
    files = {"tensorflow/__init__.py": b"", "tensorflow/python/compiler/mlcompute/mlcompute.py": b""}
    lay_down(tmp_path, "tensorflow", "2.4.0rc0", files)
    (found,) = collect(tmp_path).modules
    assert found.ml_compute
