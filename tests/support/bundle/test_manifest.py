from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.support.bundle.manifest import BundleError, Manifest, check, describe, parse

MEMBERS = {"report.json": b"{}", "log.txt": b"hello\n"}


def described() -> Manifest:
    return parse(describe(MEMBERS, m1doctor_version="0.1.0", created="2026-11-26T12:00:00Z", redacted=True))


def test_what_is_described_is_read_again() -> None:
    manifest = described()
    assert (manifest.m1doctor_version, manifest.created, manifest.redacted) == ("0.1.0", "2026-11-26T12:00:00Z", True)
    assert sorted(manifest.members) == sorted(MEMBERS)
    check(manifest, MEMBERS)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"report.json": b"{}"}, "'log.txt' is missing"),
        ({**MEMBERS, "more.txt": b""}, "'more.txt' is not in its manifest.json"),
        ({**MEMBERS, "log.txt": b"hello!\n"}, r"'log.txt' is not what its manifest.json says \(SHA-256\)"),
    ],
)
def test_a_member_that_is_not_as_described_is_named(members: dict[str, bytes], words: str) -> None:
    with pytest.raises(BundleError, match=words):
        check(described(), members)


@pytest.mark.parametrize("version", [2, 10**4000])
def test_a_newer_layout_is_refused_by_its_number(version: int) -> None:
    with pytest.raises(BundleError, match=r"bundle_version (2|of ten digits or more) is newer than 1"):
        parse(json.dumps({"bundle_version": version}).encode())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["sha256", "members", "created"]), inner),
    )
)
def test_a_manifest_of_wrong_types_is_refused_in_words(value: object) -> None:
    for document in (value, {"bundle_version": 1, "m1doctor_version": "0", "created": "", "redacted": value}):
        with pytest.raises(BundleError, match=r"its manifest\.json"):
            parse(json.dumps(document).encode())
