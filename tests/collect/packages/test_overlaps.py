from __future__ import annotations

from pathlib import Path

from environments.site_folder import collect, lay_down


def test_files_that_two_distributions_record_differently_overlap(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.15.1", {"tensorflow/core.so": b"a", "tensorflow/x.py": b"a"})
    lay_down(tmp_path, "tensorflow-macos", "2.15.0", {"tensorflow/core.so": b"b", "tensorflow/x.py": b"b"})
    (found,) = collect(tmp_path).overlaps
    assert found.owners == ("tensorflow 2.15.1", "tensorflow-macos 2.15.0")
    assert found.paths == ("tensorflow/core.so", "tensorflow/x.py")
    assert found.count == 2


def test_the_same_file_in_two_distributions_does_no_harm(tmp_path: Path) -> None:
    lay_down(tmp_path, "google-a", "1.0", {"google/__init__.py": b"# namespace"})
    lay_down(tmp_path, "google-b", "1.0", {"google/__init__.py": b"# namespace"})
    assert collect(tmp_path).overlaps == ()


def test_careless_top_folders_and_single_files_do_no_harm(tmp_path: Path) -> None:
    for name in ("a", "b"):
        content = name.encode()
        files = {"tests/test_x.py": content, "bin/tool": content, "LICENSE": content, "x/__pycache__/y.pyc": content}
        lay_down(tmp_path, name, "1.0", files)
    assert collect(tmp_path).overlaps == ()


def test_two_folders_do_not_overlap(tmp_path: Path) -> None:
    lay_down(tmp_path / "one", "tensorflow", "2.15.1", {"tensorflow/core.so": b"a"})
    lay_down(tmp_path / "two", "tensorflow-macos", "2.15.0", {"tensorflow/core.so": b"b"})
    assert collect(tmp_path / "one", tmp_path / "two").overlaps == ()


def test_records_without_hashes_cannot_vouch_for_each_other(tmp_path: Path) -> None:
    rows = [["tensorflow/core.so", "", ""]]
    lay_down(tmp_path, "tensorflow", "2.15.1", extra_rows=rows)
    lay_down(tmp_path, "tensorflow-macos", "2.15.0", extra_rows=rows)
    assert len(collect(tmp_path).overlaps) == 1


def test_at_most_ten_paths_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    for name, content in (("a", b"a"), ("b", b"b")):
        lay_down(tmp_path, name, "1.0", {f"x/{number}.py": content for number in range(30)})
    (found,) = collect(tmp_path).overlaps
    assert (len(found.paths), found.count) == (10, 30)
