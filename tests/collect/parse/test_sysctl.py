"""sysctl: by name, never by position."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.sysctl import integer, parse_sysctl, text_of


def test_values_are_found_by_name_whatever_is_missing() -> None:
    values = parse_sysctl("kern.osproductversion: 14.4.1\nhw.memsize: 34359738368\n")
    assert text_of(values, "kern.osproductversion") == "14.4.1"
    assert integer(values, "hw.memsize") == 34359738368
    assert integer(values, "hw.nperflevels") is None
    assert text_of(values, "hw.nperflevels") is None


def test_values_without_names_are_not_read() -> None:
    assert parse_sysctl("7516192768\n16384\nVirtualMac2,1\n") == {}


def test_an_empty_value_is_unknown() -> None:
    values = parse_sysctl("hw.osenvironment:\nhw.model: Mac14,7\n")
    assert text_of(values, "hw.osenvironment") is None
    assert text_of(values, "hw.model") == "Mac14,7"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("iogpu.wired_limit_mb: 0", 0),
        ("iogpu.wired_limit_mb: 0 -> 114688          # after a boot", 114688),
        ("    iogpu.wired_limit_mb: 0          # the default", 0),
        ("iogpu.wired_limit_mb: 1e9", None),
        ("iogpu.wired_limit_mb: 12.5", None),
        ("iogpu.wired_limit_mb: many", None),
        ("iogpu.wired_limit_mb: " + "9" * 40, None),
    ],
)
def test_an_integer_is_the_first_word_and_a_reported_write_is_the_new_value(line: str, expected: object) -> None:
    assert integer(parse_sysctl(line), "iogpu.wired_limit_mb") == expected


def test_the_last_of_a_repeated_name_counts() -> None:
    assert integer(parse_sysctl("a.b: 1\na.b: 2\n"), "a.b") == 2


KNOWN = {
    "sysctl.m1pro-16gb.monterey.txt": {"machdep.cpu.brand_string": "Apple M1 Pro", "hw.perflevel0.physicalcpu": "6"},
    "sysctl.m2-16gb.monterey.txt": {"machdep.cpu.brand_string": "Apple M2", "hw.memsize": "17179869184"},
    "sysctl.m4max-64gb.sequoia.txt": {"machdep.cpu.brand_string": "Apple M4 Max", "hw.memsize_usable": "67793829888"},
    "sysctl.m1.bigsur.archspec.txt": {"machdep.cpu.brand_string": "Apple processor", "hw.optional.arm64": "1"},
    "sysctl.perflevels.m5max.txt": {"hw.perflevel0.name": "Super", "hw.perflevel1.physicalcpu": "12"},
    "sysctl.rosetta-native.m2.mac14-7.txt": {"sysctl.proc_translated": "0", "hw.model": "Mac14,7"},
    "sysctl.intel-skylake.mojave.txt": {"machdep.cpu.vendor": "GenuineIntel"},
    "sysctl.iogpu.limit-118000.txt": {"iogpu.wired_limit_mb": "118000"},
    "sysctl.iogpu.listing-36864.fragment.txt": {"iogpu.wired_limit_mb": "36864"},
    "sysctl+memory_pressure.24gb.macos26.5.level2.txt": {"kern.memorystatus_vm_pressure_level": "2"},
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_capture_holds_what_is_known_of_its_machine(name: str) -> None:
    values = parse_sysctl(captures.text(name))
    assert {key: values.get(key) for key in KNOWN[name]} == KNOWN[name]


@pytest.mark.parametrize("path", captures.each("sysctl*"))
def test_a_capture_is_read_and_every_name_has_a_dot(path: Path) -> None:
    values = parse_sysctl(path.read_text())
    if "identity" not in path.name:  # values without names: nothing to read
        assert values
    assert all("." in name and not name.startswith(".") for name in values)


def test_an_annotated_capture_gives_the_bare_numbers() -> None:
    values = parse_sysctl(captures.text("sysctl+top.64gb.compressor8gb-level1.annotated.txt"))
    assert integer(values, "kern.memorystatus_vm_pressure_level") == 1
    assert integer(values, "vm.compressor_bytes_used") == 8047749440


@given(st.text(max_size=300))
def test_any_text_gives_a_mapping(text: str) -> None:
    for name in parse_sysctl(text):
        integer(parse_sysctl(text), name)


@given(st.integers(-(2**63), 2**64 - 1))
def test_an_integer_comes_back_as_it_was_printed(number: int) -> None:
    assert integer(parse_sysctl(f"a.b: {number}\n"), "a.b") == number
