from __future__ import annotations

import importlib.metadata
import json
import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from environments import real
from environments.site_folder import collect, lay_down
from m1doctor.collect.packages.distributions import parse_direct_origin
from m1doctor.model.packages import DirectOrigin


def test_a_distribution_is_read_whole(tmp_path: Path) -> None:
    lay_down(
        tmp_path,
        "Some.Thing",
        "1.2",
        {"some_thing/__init__.py": b"", "single.py": b"x"},
        requires=["numpy<2", "rich; extra == 'color'"],
        installer="uv",
        tags=["cp311-cp311-macosx_12_0_arm64"],
    )
    (found,) = collect(tmp_path).distributions
    assert (found.name, found.normalized_name, found.version) == ("Some.Thing", "some-thing", "1.2")
    assert found.metadata_path == "Some.Thing-1.2.dist-info"
    assert found.installer == "uv"
    assert found.requires == ("numpy<2", "rich; extra == 'color'")
    assert found.wheel_tags == ("cp311-cp311-macosx_12_0_arm64",)
    assert found.top_level == ("single", "some_thing")
    assert found.recorded_files == 3


def test_egg_info_of_setuptools_and_of_distutils_are_distributions(tmp_path: Path) -> None:
    (tmp_path / "old-1.0-py3.9.egg-info").mkdir()
    (tmp_path / "old-1.0-py3.9.egg-info" / "PKG-INFO").write_text("Name: old\nVersion: 1.0\n")
    (tmp_path / "old-1.0-py3.9.egg-info" / "requires.txt").write_text("six\n\n[fast]\nnumpy>1\n")
    (tmp_path / "older-0.1.egg-info").write_text("Metadata-Version: 1.0\nName: older\nVersion: 0.1\n")
    found = collect(tmp_path)
    assert [each.name for each in found.distributions] == ["old", "older"]
    assert found.distributions[0].requires == ("six", 'numpy>1; extra == "fast"')
    assert found.distributions[0].recorded_files is None


def test_an_egg_folder_and_an_egg_link_lead_to_their_metadata(tmp_path: Path) -> None:
    egg = tmp_path / "site" / "zip_free-2.0-py3.9.egg" / "EGG-INFO"
    egg.mkdir(parents=True)
    (egg / "PKG-INFO").write_text("Name: zip-free\nVersion: 2.0\n")
    source = tmp_path / "work" / "mine.egg-info"
    source.mkdir(parents=True)
    (source / "PKG-INFO").write_text("Name: mine\nVersion: 0.3\n")
    (tmp_path / "site" / "mine.egg-link").write_text(f"{source.parent}\n.")
    found = collect(tmp_path / "site")
    assert {(each.name, each.version) for each in found.distributions} == {("zip-free", "2.0"), ("mine", "0.3")}


@pytest.mark.parametrize(
    ("document", "origin"),
    [
        ({"url": "file:///x", "dir_info": {"editable": True}}, DirectOrigin.EDITABLE),
        ({"url": "file:///x", "dir_info": {}}, DirectOrigin.DIRECTORY),
        ({"url": "https://x", "vcs_info": {"vcs": "git"}}, DirectOrigin.VCS),
        ({"url": "https://x", "archive_info": {}}, DirectOrigin.ARCHIVE),
        ({}, None),
        ([], None),
    ],
)
def test_where_it_came_from(document: object, origin: DirectOrigin | None) -> None:
    assert parse_direct_origin(json.dumps(document).encode()) is origin


@given(st.binary())
def test_any_direct_url_is_survived(content: bytes) -> None:
    parse_direct_origin(content)


def test_the_version_stands_in_the_folder_name_too(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "numpy", "2.0.2")
    (info / "METADATA").write_text("Name: numpy\n")
    (found,) = collect(tmp_path).distributions
    assert found.version == "2.0.2"


def test_what_says_nothing_is_broken_and_no_distribution(tmp_path: Path) -> None:
    (tmp_path / "numpy-1.26.4.dist-info").mkdir()
    (tmp_path / "~umpy-1.26.4.dist-info").mkdir()
    (tmp_path / ".dist-info").mkdir()
    found = collect(tmp_path)
    assert found.distributions == ()
    assert {(each.metadata_path, each.name) for each in found.broken_metadata} == {
        ("numpy-1.26.4.dist-info", "numpy"),
        ("~umpy-1.26.4.dist-info", None),
        (".dist-info", None),
    }


def test_of_two_records_of_one_name_the_one_with_a_record_comes_first(tmp_path: Path) -> None:
    lay_down(tmp_path, "numpy", "1.26.4", record=False)
    lay_down(tmp_path, "numpy", "2.0.2")
    found = collect(tmp_path)
    assert [each.version for each in found.distributions] == ["2.0.2", "1.26.4"]
    numpy = found.find("numpy")
    assert numpy is not None
    assert numpy.version == "2.0.2"


def test_folders_keep_their_search_order(tmp_path: Path) -> None:
    lay_down(tmp_path / "venv", "six", "1.17.0")
    lay_down(tmp_path / "user", "six", "1.15.0")
    found = collect(tmp_path / "venv", tmp_path / "user")
    assert [(each.folder, each.version) for each in found.distributions] == [
        (str(tmp_path / "venv"), "1.17.0"),
        (str(tmp_path / "user"), "1.15.0"),
    ]


def test_one_folder_under_two_names_counts_once(tmp_path: Path) -> None:
    lay_down(tmp_path / "lib", "six", "1.17.0")
    (tmp_path / "lib64").symlink_to("lib")
    found = collect(tmp_path / "lib", tmp_path / "lib64")
    assert len(found.distributions) == 1
    assert found.folders_read == (str(tmp_path / "lib"),)


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    found = collect(tmp_path / "none")
    assert found.folders_read == ()
    assert found.distributions == ()


def test_without_a_known_folder_nothing_can_be_called_absent() -> None:
    found = collect()
    assert found.folders_read is None
    assert "folders_read" in found.unknown


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_leaves_it_open(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        assert collect(tmp_path).folders_read is None
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "\0", "näme", "-x-"])
def test_a_name_that_is_none_falls_back_to_the_folder_name(tmp_path: Path, name: str) -> None:
    info = lay_down(tmp_path, "honest", "1.0")
    (info / "METADATA").write_bytes(b"Name: " + name.encode() + b"\nVersion: 1.0\n")
    (found,) = collect(tmp_path).distributions
    assert found.name == "honest"


def test_a_huge_metadata_file_costs_little(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "big", "1.0")
    with (info / "METADATA").open("wb") as file:
        file.write(b"Name: big\nVersion: 1.0\nRequires-Dist: six\n")
        file.seek(100 * 1024 * 1024)
        file.write(b"\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (found,) = collect(tmp_path).distributions
    assert found.requires == ("six",)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 30 * 1024  # kilobytes on Linux


def test_a_pipe_in_the_place_of_metadata_does_not_hang(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "piped", "1.0")
    (info / "METADATA").unlink()
    os.mkfifo(info / "METADATA")
    assert collect(tmp_path).distributions == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(metadata=st.binary(), record=st.binary(), wheel=st.binary(), installer=st.binary(max_size=300))
def test_binary_garbage_is_survived(
    tmp_path_factory: pytest.TempPathFactory, metadata: bytes, record: bytes, wheel: bytes, installer: bytes
) -> None:
    folder = tmp_path_factory.mktemp("site")
    info = folder / "x-1.dist-info"
    info.mkdir()
    for name, content in [("METADATA", metadata), ("RECORD", record), ("WHEEL", wheel), ("INSTALLER", installer)]:
        (info / name).write_bytes(content)
    found = collect(folder, deep=True)
    assert len(found.distributions) + len(found.broken_metadata) == 1


@pytest.mark.real_wheels
def test_importlib_metadata_reads_the_same_from_real_wheels() -> None:
    folder = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    ours = {each.normalized_name: each for each in collect(folder).distributions}
    theirs = list(importlib.metadata.distributions(path=[str(folder)]))
    assert len(ours) == len(theirs) > 30
    for each in theirs:
        own = ours[each.metadata["Name"].lower().replace("_", "-").replace(".", "-")]
        assert (own.name, own.version) == (each.metadata["Name"], each.version)
        assert list(own.requires) == (each.requires or [])
        assert own.requires_python == each.metadata["Requires-Python"]
        assert own.recorded_files == len(each.files or [])
