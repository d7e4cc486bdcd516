"""The files of a lock in a folder: a real server on the loopback interface that can be told to fail."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from packaging.pylock import Package, PackageWheel
from packaging.utils import NormalizedName
from packaging.version import Version

from environments.package_index import PackageIndex
from m1doctor.errors import UnfinishedError
from m1doctor.locks.download import download
from m1doctor.locks.lock import Lock, Target


def lock(index: PackageIndex, *names: str) -> Lock:
    """A lock of every file that the index has of these names."""
    packages = []
    for name in names:
        (filename, content), *_ = index.files[name].items()
        wheel = PackageWheel(
            url=f"{index.address.removesuffix('/simple/')}/files/{name}/{filename}",
            hashes={"sha256": hashlib.sha256(content).hexdigest()},
        )
        packages.append(Package(name=NormalizedName(name), version=Version("1.0"), wheels=[wheel]))
    return Lock(title="A lock.", target=Target(python="3.12"), packages=packages)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_file_is_fetched_once_and_what_is_right_is_kept(index: PackageIndex, tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        index.wheel(name, "1.0")
    wanted = lock(index, "alpha", "beta")
    first = download(wanted, tmp_path / "wheels")
    assert (first.fetched, first.kept) == (2, 0)
    assert names(tmp_path / "wheels") == ["alpha-1.0-py3-none-any.whl", "beta-1.0-py3-none-any.whl"]
    (tmp_path / "wheels" / "beta-1.0-py3-none-any.whl").write_bytes(b"cut off")
    again = download(wanted, tmp_path / "wheels")
    assert (again.fetched, again.kept, again.size) == (1, 1, first.size)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("other bytes", "other bytes came than the index promised"),
        ("cut off", "the download broke off|other bytes came"),
        ("500", "cannot be fetched"),
        ("gone", "cannot be fetched"),
    ],
)
def test_a_file_in_trouble_is_named_and_leaves_nothing_under_its_name(
    index: PackageIndex, tmp_path: Path, trouble: str, words: str
) -> None:
    index.wheel("alpha", "1.0")
    wanted = lock(index, "alpha")
    (filename,) = index.files["alpha"]
    if trouble == "other bytes":
        index.files["alpha"][filename] += b"\0"
    elif trouble == "cut off":
        index.truncate = 10
    elif trouble == "500":
        index.status = 500
    else:
        index.files["alpha"].clear()
    with pytest.raises(UnfinishedError, match=words) as failed:
        download(wanted, tmp_path / "wheels")
    assert str(failed.value).startswith(filename)
    assert "127.0.0.1" not in str(failed.value)
    assert names(tmp_path / "wheels") == []


def test_a_folder_that_cannot_be_made_is_named(index: PackageIndex, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnfinishedError, match="cannot write to"):
        download(lock(index), tmp_path / "file" / "wheels")
