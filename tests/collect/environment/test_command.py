from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.trees import HOME, Tree, mach_o
from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.command import behind_script, parse_python_version_file, script_interpreter


@pytest.mark.parametrize(
    ("text", "interpreter"),
    [
        ("#!/opt/venv/bin/python\nimport sys\n", "/opt/venv/bin/python"),
        ("#! /opt/venv/bin/python3.12 -I\n", "/opt/venv/bin/python3.12"),
        ("#!/usr/bin/env python3\n", "python3"),
        ("#!/usr/bin/env -S python3 -E\n", "python3"),
        ("#!/usr/bin/env -S X=1 python3\n", "python3"),
        ("#!/bin/sh\n'''exec' \"/a path/bin/python\" \"$0\" \"$@\"\n' '''\n", "/a path/bin/python"),
        ("#!/bin/sh\n'''exec' /very/long/bin/python \"$0\" \"$@\"\n' '''\n", "/very/long/bin/python"),
        ("#!/bin/sh\necho hello\n", None),
        ("#!/usr/bin/env\n", None),
        ("#!\n", None),
        ("\x7fELF", None),
        ("", None),
    ],
)
def test_the_first_lines_of_a_script_tell_its_interpreter(text: str, interpreter: str | None) -> None:
    assert script_interpreter(text) == interpreter


@given(st.text())
def test_any_text_tells_an_interpreter_or_none(text: str) -> None:
    for each in (text, f"#!{text}", f"#!/bin/sh\n'''exec' {text}"):
        assert script_interpreter(each) is None or script_interpreter(each)


def test_a_python_version_file_may_hold_comments_and_several_versions() -> None:
    assert parse_python_version_file("# mine\n3.11.7 tf\n3.9.1:2.7 # old\n../evil\n.hidden\n") == [
        *("3.11.7", "tf"),
        *("3.9.1", "2.7"),
    ]


@given(st.text())
def test_a_version_is_never_a_path(text: str) -> None:
    assert not any("/" in version or version.startswith(".") for version in parse_python_version_file(text))


def test_apples_pip_stub_belongs_to_apples_python(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    tools = "/Library/Developer/CommandLineTools"
    tree.file(f"{tools}/usr/bin/python3", mach_o("arm64"), executable=True)
    tree.file("/usr/bin/pip3", mach_o("x86_64", "arm64e"), executable=True)
    assert behind_script(tree.world(), Disk(tree.root), "/usr/bin/pip3") == f"{tools}/usr/bin/python3"


def test_a_pyenv_shim_of_pip_leads_to_the_pip_of_the_version(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    python = tree.pyenv("3.11.7")
    tree.file(f"{HOME}/.pyenv/version", "3.11.7\n")
    tree.script(f"{HOME}/.pyenv/versions/3.11.7/bin/pip", python)
    assert behind_script(tree.world(), Disk(tree.root), f"{HOME}/.pyenv/shims/pip") == python
