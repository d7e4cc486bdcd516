"""ioreg: the GPU drivers, in both forms."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.ioreg import Accelerator, parse_accelerators

NODE = {
    "IOObjectClass": "AGXAcceleratorG14S",
    "IOClass": "AGXAcceleratorG14S",
    "model": b"Apple M2 Pro\0",
    "gpu-core-count": 19,
    "PerformanceStatistics": {"Device Utilization %": 3, "recoveryCount": 2, "In use system memory (driver)": 0},
}
TEXT = """\
+-o AGXAcceleratorG14S  <class AGXAcceleratorG14S, id 0x1000, registered, matched, active, busy 0 (1 ms), retain 9>
    {
      "model" = "Apple M2 Pro"
      "gpu-core-count" = 19
      "IOReportLegend" = ({"IOReportChannels"=((1,2,"recoveryCount"=9))})
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"recoveryCount"=2,"Device Utilization %"=3}
    }
"""
EXPECTED = Accelerator(class_name="AGXAcceleratorG14S", model="Apple M2 Pro", cores=19, generation="G14", resets=2)


def test_both_forms_tell_the_same() -> None:
    assert parse_accelerators(plistlib.dumps([NODE]).decode()) == (EXPECTED,)
    assert parse_accelerators(TEXT) == (EXPECTED,)


def test_a_property_list_may_hold_the_model_as_text_too() -> None:
    node = {**NODE, "model": "Apple M2 Pro"}
    assert parse_accelerators(plistlib.dumps([node]).decode()) == (EXPECTED,)


@pytest.mark.parametrize("text", ["", "\n", plistlib.dumps([]).decode()])
def test_no_driver_is_none_found_and_not_an_error(text: str) -> None:
    assert parse_accelerators(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ioreg: error: can't obtain properties.\n",
        "<?xml version='1.0'?><plist><array><dict>",
        "<?xml version='1.0'?><plist><array></dict></array></plist>",
        plistlib.dumps({"a": 1}).decode(),
        plistlib.dumps([NODE]).decode()[:-40],
    ],
)
def test_damaged_or_other_text_is_unknown(text: str) -> None:
    assert parse_accelerators(text) is None


def test_two_drivers_are_two() -> None:
    found = parse_accelerators(TEXT + TEXT.replace("AGXAcceleratorG14S", "IOFramebufferCompat"))
    assert [each.class_name for each in found] == ["AGXAcceleratorG14S", "IOFramebufferCompat"]


def test_the_gpu_of_a_virtual_machine_is_known_by_its_class() -> None:
    found = parse_accelerators(captures.text("ioreg.IOAccelerator.paravirt-gha-macos14.txt"))
    assert found[0].class_name == "AppleParavirtGPU"
    assert (found[0].model, found[0].cores, found[0].resets) == (None, None, 0)


KNOWN = {
    "ioreg.IOAccelerator.m4-10core.full-minus-legend.txt": ("Apple M4", 10, "G16", 0),
    "ioreg.perfstats.m1pro-16core.abridged.txt": ("Apple M1 Pro", 16, "G13", 0),
    "ioreg-a.perfstats.m3-class.trimmed.plist": (None, None, "G15", None),
    "ioreg-a.perfstats.busy-alloc21gib.trimmed.plist": (None, None, None, 2),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_capture_tells_its_gpu(name: str) -> None:
    (found,) = parse_accelerators(captures.text(name))
    assert (found.model, found.cores, found.generation, found.resets) == KNOWN[name]


@pytest.mark.parametrize("path", captures.each("ioreg*"))
def test_every_capture_is_read(path: Path) -> None:
    assert parse_accelerators(path.read_text())


@given(st.text(max_size=300))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_accelerators(text)
    parse_accelerators("<?xml version='1.0'?><plist><array>" + text)
    parse_accelerators("+-o x  <class X, id 1>\n" + text)


LEAVES = st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=9) | st.binary(max_size=9)
KEYS = st.sampled_from(["IOObjectClass", "IOClass", "model", "gpu-core-count", "PerformanceStatistics"])


@given(st.lists(st.dictionaries(KEYS, LEAVES | st.dictionaries(st.just("recoveryCount"), LEAVES)), max_size=3))
def test_a_property_of_any_type_is_a_value_or_none(nodes: list[dict[str, object]]) -> None:
    try:
        text = plistlib.dumps(nodes).decode()
    except ValueError:  # a control character that XML cannot hold
        return
    for found in parse_accelerators(text) or ():
        assert found.cores is None or found.cores > 0
