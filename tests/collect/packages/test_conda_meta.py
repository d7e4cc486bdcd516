from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.site_folder import collect, lay_down
from m1doctor.collect.packages.conda_meta import channel_name, parse_record_document


def test_records_of_a_prefix_are_read(tmp_path: Path) -> None:
    meta = tmp_path / "env" / "conda-meta"
    meta.mkdir(parents=True)
    record = {
        "name": "tensorflow",
        "version": "2.17.0",
        "build": "cpu_py311h_0",
        "channel": "https://conda.anaconda.org/conda-forge/osx-arm64",
        "subdir": "osx-arm64",
        "files": ["x"] * 1000,
    }
    (meta / "tensorflow-2.17.0-cpu_py311h_0.json").write_text(json.dumps(record))
    (meta / "broken.json").write_text("{")
    (meta / "history").write_text("==> <==")
    lay_down(tmp_path / "site", "six", "1.17.0")
    (found,) = collect(tmp_path / "site", conda=tmp_path / "env").conda_packages
    assert (found.name, found.version, found.build) == ("tensorflow", "2.17.0", "cpu_py311h_0")
    assert (found.channel, found.subdir) == ("conda-forge", "osx-arm64")


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("conda-forge", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/noarch", "conda-forge"),
        ("https://repo.anaconda.com/pkgs/main/osx-arm64", "pkgs/main"),
        ("https://conda.anaconda.org/t/tk-secret-123/private/osx-64", "private"),
        ("https://conda.anaconda.org/apple/osx-arm64", "apple"),
        ("file:///local/channel/osx-arm64", "local/channel"),
    ],
)
def test_channels_are_known_by_name_and_never_by_token(channel: str, name: str) -> None:
    assert channel_name(channel) == name


@given(st.binary() | st.text().map(str.encode))
def test_any_content_is_survived(content: bytes) -> None:
    parse_record_document(content)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_document_is_survived(document: object) -> None:
    parse_record_document(json.dumps(document).encode())


@given(st.text())
def test_any_channel_has_a_name(channel: str) -> None:
    assert isinstance(channel_name(channel), str)
