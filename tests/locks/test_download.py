"""The files of a lock in a folder: a real server on the loopback interface that can be told to fail."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.pylock import Package, PackageWheel
from packaging.utils import NormalizedName
from packaging.version import Version

from environments.package_index import PackageIndex
from killing import killed_after, killed_before_file
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


def test_credentials_come_from_the_address_of_the_index(index: PackageIndex, tmp_path: Path) -> None:
    index.wheel("alpha", "1.0")
    index.credentials = "me:p@ss"
    at = urlsplit(index.address)
    with pytest.raises(UnfinishedError, match="HTTP status 401: the index wants a name and a password") as failed:
        download(lock(index, "alpha"), tmp_path / "wheels", environ={})
    assert at.netloc not in str(failed.value)
    for environ in (
        {"UV_DEFAULT_INDEX": f"http://me:p%40ss@{at.netloc}/simple/"},
        {"UV_INDEX": f"other=http://elsewhere/ ours=http://{at.netloc}/simple/", "UV_INDEX_OURS_USERNAME": "me"}
        | {"UV_INDEX_OURS_PASSWORD": "p@ss"},
    ):
        folder = tmp_path / str(len(environ))
        assert download(lock(index, "alpha"), folder, environ=environ).fetched == 1
    with pytest.raises(UnfinishedError, match="HTTP status 401") as failed:
        download(lock(index, "alpha"), tmp_path, environ={"UV_INDEX_URL": f"http://me:secret@{at.netloc}/simple/"})
    assert "secret" not in str(failed.value)


def test_credentials_come_from_netrc(index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index.wheel("alpha", "1.0")
    index.credentials = "me:word"
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password word\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert download(lock(index, "alpha"), tmp_path / "wheels", environ={}).fetched == 1


def test_the_proxy_of_the_user_is_asked(index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index.wheel("alpha", "1.0")
    for name in ("HTTP_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", index.address)
    elsewhere = lock(index, "alpha")
    (wheel,) = elsewhere.packages[0].wheels or ()
    address = f"http://wheels.invalid{urlsplit(wheel.url).path}"
    away = PackageWheel(url=address, hashes=wheel.hashes)
    wanted = Lock(
        title="A lock.",
        target=elsewhere.target,
        packages=[Package(name=NormalizedName("alpha"), version=Version("1.0"), wheels=[away])],
    )
    assert download(wanted, tmp_path / "wheels", environ={}).fetched == 1
    assert index.asked == [address]
    for proxy, words in (("http", "the proxy does not answer"), ("socks5", "no connection")):
        monkeypatch.setenv("http_proxy", f"{proxy}://me:word@127.0.0.1:9")
        with pytest.raises(UnfinishedError, match=words) as failed:
            download(wanted, tmp_path / "others", environ={})
        assert "word" not in str(failed.value)


def test_a_file_of_this_disk_is_copied(tmp_path: Path) -> None:
    content = b"a wheel"
    (tmp_path / "a b-1.0-py3-none-any.whl").write_bytes(content)
    hashes = {"sha256": hashlib.sha256(content).hexdigest()}
    wheel = PackageWheel(url=(tmp_path / "a b-1.0-py3-none-any.whl").as_uri(), name="alpha.whl", hashes=hashes)
    wanted = Lock(
        title="A lock.",
        target=Target(python="3.12"),
        packages=[Package(name=NormalizedName("alpha"), version=Version("1.0"), wheels=[wheel])],
    )
    assert download(wanted, tmp_path / "wheels").fetched == 1
    (tmp_path / "a b-1.0-py3-none-any.whl").unlink()
    with pytest.raises(UnfinishedError, match=r"alpha\.whl: cannot be read"):
        download(wanted, tmp_path / "others")


def old_and_new(index: PackageIndex, folder: Path) -> tuple[Lock, dict[str, set[bytes]]]:
    """A lock of two files, of which an older one lies in the folder; what each may hold after a death."""
    index.wheel("alpha", "1.0", files={"a": "a" * 3_000_000})
    index.wheel("beta", "1.0")
    folder.mkdir(parents=True, exist_ok=True)
    may_hold: dict[str, set[bytes]] = {}
    for name in ("alpha", "beta"):
        ((filename, content),) = index.files[name].items()
        may_hold[filename] = {content, b"old"}
    (folder / next(iter(may_hold))).write_bytes(b"old")
    return lock(index, "alpha", "beta"), may_hold


def assert_whole(folder: Path, may_hold: dict[str, set[bytes]]) -> None:
    for filename, contents in may_hold.items():
        assert not (folder / filename).exists() or (folder / filename).read_bytes() in contents


def test_a_run_that_is_killed_before_any_file_operation_leaves_the_old_file_or_the_new_one(
    index: PackageIndex, tmp_path: Path
) -> None:
    killed = 0
    while True:
        folder = tmp_path / str(killed)
        wanted, may_hold = old_and_new(index, folder)
        if not killed_before_file(killed, folder, lambda at=folder, lock=wanted: download(lock, at)):
            break
        assert_whole(folder, may_hold)
        download(wanted, folder)
        assert names(folder) == sorted(may_hold), f"killed at {killed}"
        killed += 1
    assert killed >= 6


def test_a_run_that_is_killed_at_any_moment_leaves_the_old_file_or_the_new_one(
    index: PackageIndex, tmp_path: Path
) -> None:
    wanted, _ = old_and_new(index, tmp_path / "timed")
    began = time.monotonic()
    download(wanted, tmp_path / "timed")
    whole = time.monotonic() - began
    moments = random.Random(7)  # noqa: S311 - any moments, the same each time
    for number in range(12):
        folder = tmp_path / str(number)
        wanted, may_hold = old_and_new(index, folder)
        killed_after(moments.uniform(0, whole * 1.5), lambda at=folder, lock=wanted: download(lock, at))
        assert_whole(folder, may_hold)
        assert download(wanted, folder).size > 0
        assert names(folder) == sorted(may_hold)


def test_a_second_run_keeps_out_of_the_folder(index: PackageIndex, tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(UnfinishedError, match="another download into it is under way"):
            download(lock(index), tmp_path)
    finally:
        os.close(handle)
