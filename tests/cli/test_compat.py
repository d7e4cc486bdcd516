from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Command = Callable[..., Any]


def test_without_options_it_is_the_pair_of_each_python_and_every_pair(m1doctor: Command) -> None:
    answer = m1doctor("compat")
    assert (answer.status, answer.err) == (0, "")
    assert "TensorFlow 2.19.1 with tensorflow-metal 1.2.0" in answer.out
    assert "\nEvery published pair that loads\n" in answer.out


def test_a_machine_gets_lines_to_paste(m1doctor: Command) -> None:
    answer = m1doctor("compat", "--python", "3.12.4", "--macos", "15.1")
    assert answer.status == 0
    assert answer.out.startswith("✓ Python 3.12 on macOS 15.1: ")
    assert "\n    tensorflow==2.19.1\n    tensorflow-metal==1.2.0\n" in answer.out


def test_a_release_gets_dylds_words(m1doctor: Command) -> None:
    answer = m1doctor("compat", "--tensorflow", "2.20.0", "--plugin", "1.2.0")
    assert answer.status == 0
    assert "Library not loaded: @rpath/_pywrap_tensorflow_internal.so" in answer.out


def test_standard_output_is_one_document_at_any_width(m1doctor: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = m1doctor("compat", "--python", "3.13", "--format", "json").document
    monkeypatch.setenv("COLUMNS", "20")
    assert m1doctor("compat", "--python", "3.13", "--format", "json").document == wide
    assert wide["choices"][0]["pair"] is None
    assert wide["choices"][0]["community"]["version"] == "0.4.1"


def test_a_provider_can_be_asked_for(m1doctor: Command) -> None:
    options = ("compat", "--python", "3.13", "--format", "json", "--provider")
    assert m1doctor(*options, "auto").document["choices"][0]["community"]
    assert m1doctor(*options, "apple").document["choices"][0]["community"] is None
    assert m1doctor(*options, "community").document["community"]["steps"][1] == "tensorflow-metal-plugin==0.4.1"
    wrong = m1doctor(*options, "nobody")
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err.count("\n") == 1


def test_markdown_has_the_table(m1doctor: Command) -> None:
    assert "| TensorFlow | tensorflow-metal |\n|---|---|\n" in m1doctor("compat", "--format", "markdown").out


@pytest.mark.parametrize("columns", ["40", "80"])
def test_the_page_keeps_to_the_width(m1doctor: Command, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = m1doctor("compat").out.splitlines()
    assert all(len(line) <= int(columns) or line.startswith("    ") for line in lines)
    assert not any("\x1b" in line for line in lines)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--python", "3"),
        ("--python", "three"),
        ("--macos", "Sequoia"),
        ("--macos", ""),
        ("--tensorflow", "latest"),
        ("--tensorflow", "2.19.1\x1b[31m"),
        ("--plugin", "tensorflow-metal"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_what_is_no_version_is_refused_by_the_name_of_its_option(
    m1doctor: Command, option: str, value: str, form: str
) -> None:
    answer = m1doctor("compat", option, value, "--format", form)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {option}: ")
    assert answer.err.count("\n") == 1
    assert "\x1b" not in answer.err
