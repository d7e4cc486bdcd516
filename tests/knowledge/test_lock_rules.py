"""What is wrong with pinned versions: the rules that every lock is held to."""

from __future__ import annotations

import pytest

from m1doctor.knowledge.lock_rules import Objection, faults_of, pair_for, tensorflow_of


@pytest.mark.parametrize(
    ("pins", "objection", "words"),
    [
        (
            {"tensorflow": "2.20.0", "tensorflow-metal": "1.2.0"},
            Objection.CANNOT_LINK,
            "tensorflow-metal 1.2.0 cannot load beside TensorFlow 2.20.0",
        ),
        ({"tensorflow": "2.18.1", "tensorflow-metal": "1.1.0"}, Objection.CANNOT_LINK, "LogMessageC1EPKcii"),
        (
            {"tensorflow": "2.19.1", "tensorflow-metal": "1.2.0", "tensorflow-metal-plugin": "0.4.1"},
            Objection.CANNOT_LINK,
            "one and the same file",
        ),
        (
            {"tensorflow": "2.20.0", "tensorflow-metal-plugin": "0.4.1"},
            Objection.CANNOT_LINK,
            "accepts TensorFlow 2.21 only, and beside TensorFlow 2.20.0 there is no GPU",
        ),
        ({"tensorflow": "2.20.0", "tensorflow-metal-plugin": "0.2.0"}, Objection.DOUBTFUL, "check nothing"),
        ({"tensorflow": "2.14.0"}, Objection.INCOMPLETE, "tensorflow-macos, which holds the code, is not pinned"),
        ({"tensorflow-macos": "2.16.2"}, Objection.INCOMPLETE, "tensorflow, which holds the code, is not pinned"),
        ({"tensorflow-macos": "2.15.1"}, Objection.INCOMPLETE, "an empty package that requires only itself"),
        ({"tensorflow": "2.19.1", "setuptools": "82.0.0"}, Objection.COMPANION, "pkg_resources"),
        ({"tensorflow-macos": "2.11.0", "numpy": "2.0.2"}, Objection.COMPANION, "numpy 2.0.2 beside TensorFlow 2.11.0"),
        ({"tensorflow": "2.20.0", "pyarrow": "20.0.0"}, Objection.DOUBTFUL, "mutex lock failed"),
        ({"tensorflow": "2.11.0", "tensorflow-metal": "0.7.0"}, Objection.DOUBTFUL, "raises while training"),
        ({"tensorflow": "2.15.1", "tensorflow-metal": "1.2.0"}, Objection.DOUBTFUL, "nobody says that it works"),
        ({"tensorflow": "9.0.0", "tensorflow-metal": "1.2.0"}, Objection.DOUBTFUL, "never measured"),
    ],
)
def test_each_trap_is_named(pins: dict[str, str], objection: Objection, words: str) -> None:
    (fault,) = faults_of(pins, "3.11", "15.0")
    assert fault.objection is objection
    assert words in fault.says
    assert fault.fatal is (objection is not Objection.DOUBTFUL)


@pytest.mark.parametrize(
    "pins",
    [
        {},
        {"numpy": "2.4.0", "setuptools": "82.0.0"},
        {"tensorflow": "2.19.1", "tensorflow-metal": "1.2.0", "setuptools": "81.0.0", "numpy": "2.1.3"},
        {"tensorflow": "2.14.0", "tensorflow-macos": "2.14.0", "tensorflow-metal": "1.1.0"},
        {"tensorflow-macos": "2.16.2", "tensorflow": "2.16.2", "tensorflow-metal": "1.1.0"},
        {"tensorflow": "2.21.0", "setuptools": "82.0.0"},
        {"tensorflow": "2.21.0", "tensorflow-metal-plugin": "0.4.1"},
        {"tensorflow-metal": "1.2.0"},
        {"tensorflow": "not a version", "tensorflow-metal": "1.2.0+mine", "numpy": "odd"},
    ],
)
def test_nothing_is_held_against_versions_that_work_or_say_nothing(pins: dict[str, str]) -> None:
    assert [fault for fault in faults_of(pins, "3.11", "15.0") if fault.fatal] == []


def test_a_library_that_was_built_for_a_newer_macos_is_a_fault_on_an_older_one() -> None:
    pins = {"tensorflow": "2.19.1", "tensorflow-metal": "1.2.0"}
    (fault,) = faults_of(pins, "3.12", "12.0")
    assert "built for macOS 12.1 and does not load on 12.0" in fault.says
    assert faults_of(pins, "3.12", "12.1") == ()


def test_the_communitys_plugin_has_a_floor_of_its_own() -> None:
    pins = {"tensorflow": "2.21.0", "tensorflow-metal-plugin": "0.4.1"}
    assert [fault.says for fault in faults_of(pins, "3.9", "14.0")] == [
        "tensorflow-metal-plugin 0.4.1 needs macOS 15.0, not 14.0",
        "tensorflow-metal-plugin 0.4.1 needs Python 3.10, not 3.9",
    ]


def test_the_code_is_found_behind_an_empty_release() -> None:
    assert tensorflow_of({"tensorflow": "2.14.0", "tensorflow-macos": "2.14.0"}) == "2.14.0"
    assert tensorflow_of({"tensorflow-macos": "2.15.1"}) is None


@pytest.mark.parametrize(
    ("specifiers", "pair"),
    [
        ({"tensorflow": "", "tensorflow-metal": ""}, ("2.19.1", "1.2.0")),
        ({"tensorflow": "<2.19", "tensorflow-metal": ""}, ("2.17.1", "1.1.0")),
        ({"tensorflow": "", "tensorflow-metal": "==1.1.0"}, ("2.17.1", "1.1.0")),
        ({"tensorflow": ">=2.18,<2.19", "tensorflow-metal": ""}, ("2.18.1", "1.2.0")),
        ({"tensorflow-macos": "", "tensorflow-metal": ""}, ("2.16.2", "1.1.0")),
        ({"tensorflow": ">=2.20", "tensorflow-metal": ""}, None),
        ({"tensorflow": "==2.18.1", "tensorflow-metal": "==1.1.0"}, None),
    ],
)
def test_a_pair_is_chosen_that_agrees_with_what_was_asked(
    specifiers: dict[str, str], pair: tuple[str, str] | None
) -> None:
    assert pair_for(specifiers, "3.11") == pair
