"""system_profiler -json: the GPU's name, cores and Metal family, and nothing personal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.system_profiler import Display, parse_displays


def document(*entries: dict) -> str:
    return json.dumps({"SPDisplaysDataType": list(entries)})


def test_name_cores_and_family_are_read() -> None:
    text = document(
        {
            "_name": "Apple M4",
            "sppci_model": "Apple M4",
            "sppci_cores": "10",
            "spdisplays_mtlgpufamilysupport": "spdisplays_metal4",
        }
    )
    assert parse_displays(text) == (Display(name="Apple M4", cores=10, metal_family="Metal 4"),)


def test_an_internal_name_is_put_into_words() -> None:
    assert parse_displays(document({"_name": "kHW_AppleM1Item"}))[0].name == "Apple M1"
    assert parse_displays(document({"_name": "kHW_AppleM1ProItem"}))[0].name == "Apple M1 Pro"


def test_an_older_system_only_says_that_metal_is_supported() -> None:
    text = document({"sppci_model": "Intel Iris", "spdisplays_metal": "spdisplays_supported, featureset"})
    assert parse_displays(text)[0].metal_family == "Metal"


def test_a_machine_without_a_display_lists_none_and_that_is_no_error() -> None:
    assert parse_displays(document()) == ()


@pytest.mark.parametrize("text", ["", "Graphics/Displays:\n", "[]", "null", '{"SPDisplaysDataType": 3}', "[" * 100000])
def test_other_text_is_unknown(text: str) -> None:
    assert parse_displays(text) is None


KNOWN = {
    "system_profiler.SPDisplays.m1-7core.json": Display(name="Apple M1", cores=7, metal_family="Metal 3"),
    "system_profiler.SPDisplays.m2max-30core.trimmed.json": Display(
        name="Apple M2 Max", cores=30, metal_family="Metal 4"
    ),
    "system_profiler.SPDisplays.m4-10core.trimmed.json": Display(name="Apple M4", cores=10, metal_family="Metal 4"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_capture_tells_its_gpu(name: str) -> None:
    assert parse_displays(captures.text(name)) == (KNOWN[name],)


@pytest.mark.parametrize("path", captures.each("system_profiler.*"))
def test_every_capture_gives_gpus_or_none(path: Path) -> None:
    displays = parse_displays(path.read_text())
    assert (displays is not None) == ("SPDisplays" in path.name and path.suffix == ".json")
    assert "serial" not in repr(displays)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
)
KEYS = st.sampled_from(
    ["_name", "sppci_model", "sppci_cores", "spdisplays_mtlgpufamilysupport", "spdisplays_metal", "other"]
)


@given(st.dictionaries(KEYS, VALUES))
def test_a_value_of_any_type_is_a_value_or_none(entry: dict[str, object]) -> None:
    parse_displays(document(entry))


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_displays(text)
