"""What the words of a failed import mean."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import real
from m1doctor.knowledge.failures import Mending, classify, known_failures, telling_lines

ABOUT_PLUGINS = {
    "tf-metal.dlopen-fail.flat-namespace.tf2.13-py38.txt": "_TF_GetInputPropertiesList",
    "tf-metal.dlopen-fail.pywrap_tensorflow_internal.py310.txt": "a library that this TensorFlow does not have",
}


def test_every_failure_has_a_source_and_says_what_to_do() -> None:
    failures = known_failures()
    assert len({failure.name for failure in failures}) == len(failures) > 15
    for failure in failures:
        assert failure.url.startswith("https://")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", failure.date)
        assert not failure.meaning.endswith(".")
        assert failure.fix or failure.mending is not Mending.PERSON


@pytest.mark.parametrize("name", ABOUT_PLUGINS)
def test_captured_errors_of_plugins_are_recognised(name: str) -> None:
    path = real.SHARED / "captures" / name
    if not path.exists():
        pytest.skip("the captures of real Macs are not at hand")
    failure = classify([path.read_text(encoding="utf-8")])
    assert failure is not None
    assert failure.mending is Mending.REMOVE_PLUGIN
    assert ABOUT_PLUGINS[name] in failure.meaning


def test_the_particular_is_told_before_the_general() -> None:
    symbol = "Symbol not found: _TF_Foo"
    plugin = classify([f"dlopen(/x/tensorflow-plugins/libmetal_plugin.dylib): {symbol}"])
    other = classify([f"dlopen(/x/h5py/_errors.so): {symbol}"])
    assert plugin is not None
    assert other is not None
    assert (plugin.name, other.name) == ("plugin symbol", "library or symbol")


def test_words_that_nobody_knows_are_not_explained() -> None:
    assert classify(["ValueError: something new"]) is None
    assert classify([]) is None


def test_the_log_of_a_healthy_import_explains_nothing() -> None:
    lines = (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
        "I0000 00:00:1795478540.572937   18387 port.cc:153] oneDNN custom operations are on.",
        "2026-11-23 10:00:00.123456: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is",
        "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow",
        "2026-11-23 10:00:00.123456: E tensorflow/core/x.cc:1] something is wrong",
        "libc++abi: terminating",
    )
    assert telling_lines(lines) == lines[-2:]
    assert classify(lines[:4]) is None


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_is_classified_without_an_exception(texts: list[str]) -> None:
    classify(texts)
    telling_lines(texts)
