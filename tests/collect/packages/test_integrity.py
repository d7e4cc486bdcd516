from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.site_folder import collect, lay_down, line, mac_interpreter, mac_world
from m1doctor.collect.packages import collect_packages
from m1doctor.model.packages import FileFault

FILES = {"pkg/__init__.py": b"x = 1\n", "pkg/core.so": b"\xcf\xfa\xed\xfe" + bytes(100), "pkg/data.bin": bytes(50)}


def _damage(folder: Path, *, deep: bool = False) -> list[tuple[str, FileFault]]:
    return [(each.path, each.fault) for each in collect(folder, deep=deep).damaged]


def test_a_whole_installation_has_no_damage(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES)
    assert _damage(tmp_path, deep=True) == []


def test_a_missing_file_is_told_with_its_distribution(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES)
    (tmp_path / "pkg/core.so").unlink()
    (damaged,) = collect(tmp_path).damaged
    assert (damaged.distribution, damaged.path, damaged.fault) == ("pkg 1.0", "pkg/core.so", FileFault.MISSING)


def test_another_size_is_told_with_both_sizes(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES)
    (tmp_path / "pkg/data.bin").write_bytes(bytes(20))
    (damaged,) = collect(tmp_path).damaged
    assert (damaged.fault, damaged.expected, damaged.actual) == (FileFault.SIZE, "50 bytes", "20 bytes")


def test_changed_content_of_the_same_size_is_seen_by_its_hash_only(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES)
    (tmp_path / "pkg/__init__.py").write_bytes(b"x = 2\n")
    assert _damage(tmp_path) == []
    assert _damage(tmp_path, deep=True) == [("pkg/__init__.py", FileFault.HASH)]


def test_a_folder_in_the_place_of_a_file_is_a_missing_file(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES)
    (tmp_path / "pkg/data.bin").unlink()
    (tmp_path / "pkg/data.bin").mkdir()
    assert _damage(tmp_path) == [("pkg/data.bin", FileFault.MISSING)]


@pytest.mark.parametrize(
    "row",
    [
        ["../../../bin/tool", "sha256=x", "10"],
        ["/usr/local/bin/tool", "sha256=x", "10"],
        ["bin/tool", "sha256=x", "10"],
        ["pkg/__pycache__/core.cpython-311.pyc", "", ""],
        ["pkg/core.pyc", "sha256=x", "3"],
        ["pkg-1.0.dist-info/INSTALLER", "sha256=x", "900"],
        ["pkg-1.0.dist-info/REQUESTED", "sha256=x", "0"],
        ["pkg-1.0.dist-info/direct_url.json", "sha256=x", "7"],
        ["pkg-1.0.data/purelib/pkg/__init__.py", "sha256=x", "6"],
        ["pkg/cacert.pem", "sha256=x", "1000"],
        ["pkg/__init__.py", "", ""],
        ["pkg/__init__.py", "sha256=", "not a number"],
    ],
)
def test_what_installers_do_is_no_damage(tmp_path: Path, row: list[str]) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES, extra_rows=[row])
    assert _damage(tmp_path) == []


def test_windows_separators_lead_to_the_same_file(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES, extra_rows=[line("pkg\\__init__.py", FILES["pkg/__init__.py"])])
    assert _damage(tmp_path) == []


def test_what_conda_rewrites_is_no_damage_but_what_it_lost_is(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES, installer="conda")
    (tmp_path / "pkg/__init__.py").write_bytes(b"prefix = '/opt/conda/envs/a-long-name'\n")
    assert _damage(tmp_path, deep=True) == []
    (tmp_path / "pkg/core.so").write_bytes(b"")
    (tmp_path / "pkg/data.bin").unlink()
    assert _damage(tmp_path) == [("pkg/core.so", FileFault.SIZE), ("pkg/data.bin", FileFault.MISSING)]


def test_of_many_damaged_files_the_libraries_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    files = {f"pkg/{number:04}.py": b"1" for number in range(400)} | {"pkg/zz.dylib": b"1"}
    lay_down(tmp_path, "pkg", "1.0", files)
    for path in files:
        (tmp_path / path).unlink()
    found = collect(tmp_path)
    assert found.damaged[0].path == "pkg/zz.dylib"
    assert len(found.damaged) == 50
    assert found.damaged_counts == {"pkg 1.0": 401}


def test_an_unknown_hash_says_nothing(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", FILES, extra_rows=[["pkg/__init__.py", "md5=abc", "6"]])
    assert _damage(tmp_path, deep=True) == []


def test_a_padded_hash_is_the_same_hash(tmp_path: Path) -> None:
    row = line("pkg/__init__.py", FILES["pkg/__init__.py"])
    lay_down(tmp_path, "pkg", "1.0", FILES, extra_rows=[[row[0], row[1] + "=", row[2]]])
    assert _damage(tmp_path, deep=True) == []


@given(st.text(), st.text(max_size=30), st.text(st.characters(), max_size=30))
def test_any_record_line_is_survived(
    tmp_path_factory: pytest.TempPathFactory, path: str, digest: str, size: str
) -> None:
    folder = tmp_path_factory.mktemp("site")
    info = lay_down(folder, "pkg", "1.0", {"pkg/__init__.py": b""})
    with (info / "RECORD").open("a", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(f"{path},{digest},{size}\n")
    collect(folder, deep=True)


def test_a_quick_look_leaves_out_headers_and_says_so(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {**FILES, "pkg/include/pkg/a.h": b"int a;"})
    (tmp_path / "pkg/include/pkg/a.h").unlink()
    (tmp_path / "pkg/data.bin").unlink()
    quick = collect_packages(mac_world(), mac_interpreter(tmp_path), quick=True)
    assert [each.path for each in quick.damaged] == ["pkg/data.bin"]
    assert not quick.headers_checked
    assert quick.distributions[0].recorded_files == 5
    whole = collect(tmp_path)
    assert [each.path for each in whole.damaged] == ["pkg/data.bin", "pkg/include/pkg/a.h"]
    assert whole.headers_checked
