from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.support.bundle import archive, manifest
from m1doctor.support.bundle.archive import pack, unpack
from m1doctor.support.bundle.manifest import BundleError

CONTENT = {"report.json": b"{}", "readings/001-sysctl.txt": b"hw.model: Mac14,7\n", "empty.txt": b""}


def bundle(members: dict[str, bytes] = CONTENT) -> dict[str, bytes]:
    return members | {manifest.NAME: manifest.describe(members, m1doctor_version="1", created="now", redacted=True)}


GOOD = pack(bundle())


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries:
            out.writestr(name, content)
    return target.getvalue()


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def patched(content: bytes, offset_from: bytes, at: int, value: bytes) -> bytes:
    """The archive with bytes changed, counted from the first central directory record or local header."""
    start = content.index(offset_from) + at
    return content[:start] + value + content[start + len(value) :]


def refusal(content: bytes) -> str:
    with pytest.raises(BundleError) as caught:
        unpack(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    return str(caught.value)


def test_what_was_packed_is_unpacked() -> None:
    described, members = unpack(GOOD)
    assert members == CONTENT
    assert described.redacted


def test_the_same_members_give_the_same_bytes_in_any_order() -> None:
    assert pack(dict(reversed(bundle().items()))) == GOOD
    with zipfile.ZipFile(io.BytesIO(GOOD)) as opened:
        assert opened.namelist() == sorted(opened.namelist())
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.testzip() is None


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}\.(txt|json|md|html)", fullmatch=True), st.binary(max_size=300)))
def test_any_members_come_back(members: dict[str, bytes]) -> None:
    members = {name: b"-" + content for name, content in members.items() if name != manifest.NAME}
    assert unpack(pack(bundle(members)))[1] == members


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/evil.txt",
        "C:/evil.txt",
        "a\\b.txt",
        "evil.py",
        "bundle.zip",
        ".hidden.txt",
        "a/b/c/d/e.txt",
        "ä.txt",
        f"{'x' * 100}.txt",
        "a//b.txt",
        "./a.txt",
        "a\u202etxt.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert "has a name that no bundle has" in refusal(zipped(*bundle().items(), (name, b"x")))


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        (zipped(*bundle().items(), (entry("link.txt", mode=stat.S_IFLNK | 0o777), b"/etc/passwd")), "is a link"),
        (zipped(*bundle().items(), (entry("pipe.txt", mode=stat.S_IFIFO | 0o644), b"")), "is no file"),
        (zipped(*bundle().items(), ("folder/", b"")), "is no file"),
        (zipped(*bundle().items(), ("inner.txt", GOOD)), "is another archive"),
        (zipped(*bundle().items(), ("more.txt", b"x")), "is not in its manifest"),
        (zipped(*(item for item in bundle().items() if item[0] != "empty.txt")), "is missing"),
        (zipped(*(bundle() | {"report.json": b"[]"}).items()), "SHA-256"),
        (zipped(*CONTENT.items()), "without a manifest.json"),
        (zipped(), "without a manifest.json"),
        (zipped((manifest.NAME, b"{")), "is no JSON"),
        (zipped((manifest.NAME, b"[" * 100_000)), "is no JSON"),
        (zipped((manifest.NAME, b'{"bundle_version": ' + b"9" * 5000 + b"}")), "is no JSON"),
        (zipped((manifest.NAME, b'{"bundle_version": 2}')), "bundle_version 2 is newer than 1"),
        (zipped((manifest.NAME, b'{"bundle_version": "1"}')), "has no bundle_version"),
        (zipped((manifest.NAME, b"[]")), "has no bundle_version"),
        (zipped((manifest.NAME, b'{"bundle_version": 1}')), "has no m1doctor_version"),
        (zipped((manifest.NAME, b" " * (manifest.LARGEST_BYTES + 1))), "is larger than any"),
        (GOOD[:-30], "damaged"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (GOOD[:4], "damaged"),
        (patched(GOOD, b"PK\x01\x02", 8, struct.pack("<H", 1)), "is encrypted"),
        (patched(GOOD, b"PK\x01\x02", 10, struct.pack("<H", 12)), "compressed in a way"),
        (patched(GOOD, b"PK\x01\x02", 24, struct.pack("<I", 2**31)), "unpacks to more than any"),
        (patched(GOOD, b"PK\x01\x02", 24, struct.pack("<I", 7)), "another size"),
        (patched(GOOD, b"PK\x03\x04", 30, b"x"), "damaged"),
        (patched(GOOD, b"PK\x01\x02", 16, b"\0\0\0\1"), "damaged"),
    ],
)
def test_a_hostile_archive_is_refused_with_its_reason(hostile: bytes, reason: str) -> None:
    assert reason in refusal(hostile)


def test_a_member_without_a_name_is_refused() -> None:
    nameless = zipped(*bundle().items()).replace(b"empty.txt", b"\0mpty.txt")
    assert "has a name that no bundle has" in refusal(nameless)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused() -> None:
    assert "is there twice" in refusal(zipped(*bundle().items(), ("report.json", b"{}")))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    zeros = bytes(archive.LARGEST_MEMBER_BYTES)
    one = zipped(*bundle().items(), ("bomb.txt", zeros + b"0"))
    assert len(one) < 200_000
    assert "unpacks to more than any" in refusal(one)
    three = zipped(*bundle().items(), *((f"bomb{number}.txt", zeros) for number in range(3)))
    assert "it unpacks to more than any bundle" in refusal(three)


def test_a_crowd_of_members_is_refused() -> None:
    crowd = ((f"{number}.txt", b"") for number in range(archive.MOST_MEMBERS))
    assert "more than any bundle" in refusal(zipped(*bundle().items(), *crowd))


MUTATIONS: list[Callable[[bytes, int, bytes], bytes]] = [
    lambda content, at, new: content[:at] + new + content[at + len(new) :],
    lambda content, at, new: content[:at] + new + content[at:],
    lambda content, at, new: content[:at] + content[at + len(new) :],
    lambda content, at, _: content[:at],
]


@given(st.sampled_from(MUTATIONS), st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_refused_or_is_the_same(
    mutate: Callable[[bytes, int, bytes], bytes], at: int, new: bytes
) -> None:
    with suppress(BundleError):
        assert unpack(mutate(GOOD, at, new))[1] == CONTENT


@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_refused(content: bytes) -> None:
    refusal(archive.MAGIC + content)
