"""Names and passwords out of the settings of uv."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.locks.credentials import credentials_of, realm


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, {}),
        ({"UV_DEFAULT_INDEX": "https://index/simple"}, {}),
        ({"UV_DEFAULT_INDEX": "https://me:a%2Fb@index/simple"}, {"https://index:443": ("me", "a/b")}),
        ({"UV_INDEX_URL": "https://token@index:8443/simple"}, {"https://index:8443": ("token", "")}),
        ({"UV_INDEX": "http://a:1@one/ x=http://b:2@two/"}, {"http://one:80": ("a", "1"), "http://two:80": ("b", "2")}),
        (
            {"UV_INDEX": "my-own=https://index/", "UV_INDEX_MY_OWN_USERNAME": "me", "UV_INDEX_MY_OWN_PASSWORD": "x"},
            {"https://index:443": ("me", "x")},
        ),
        (
            {"UV_INDEX": "https://first:1@index/", "UV_DEFAULT_INDEX": "https://second:2@index/"},
            {"https://index:443": ("first", "1")},
        ),
    ],
)
def test_credentials_belong_to_scheme_host_and_port(environ: dict[str, str], found: dict[str, tuple[str, str]]) -> None:
    assert credentials_of(environ) == found


def test_a_file_on_another_host_or_without_encryption_gets_none() -> None:
    known = credentials_of({"UV_DEFAULT_INDEX": "https://me:word@index/simple"})
    assert realm("https://index/files/a.whl") in known
    for other in ("http://index/a.whl", "https://index:8443/a.whl", "https://index.example/a.whl", "https://[x/"):
        assert realm(other) not in known


@given(st.text(), st.text())
def test_any_setting_is_read(setting: str, name: str) -> None:
    credentials_of({"UV_INDEX": f"{name}=https://{setting}", "UV_DEFAULT_INDEX": setting})
