from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.trees import HOME, Tree
from m1doctor.collect.disk import Disk
from m1doctor.collect.environment.editor import find_editor_setting, interpreter_setting, parse_jsonc


def test_comments_and_trailing_commas_are_no_part_of_it() -> None:
    text = """{
        // where it lives
        "a": "http://x//y", /* not a comment: */ "b": ["/* this neither */", 1,],
        "c": "a, ]",
    }"""
    assert parse_jsonc(text) == {"a": "http://x//y", "b": ["/* this neither */", 1], "c": "a, ]"}


@pytest.mark.parametrize("text", ["", "{", '{"a": "open', "// only", "/* open", "[" * 100_000, '{"a" "b"}'])
def test_what_is_no_document_is_nothing(text: str) -> None:
    assert parse_jsonc(text) is None
    assert interpreter_setting(text) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_plain_json_keeps_its_meaning(document: object) -> None:
    assert parse_jsonc(json.dumps(document, indent=1)) == document
    assert parse_jsonc(json.dumps(document, ensure_ascii=False)) == document


@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    interpreter_setting(text)


def test_the_newer_setting_comes_first() -> None:
    text = '{"python.pythonPath": "/old", "python.defaultInterpreterPath": "/new"}'
    assert interpreter_setting(text) == "/new"
    assert interpreter_setting('{"python.pythonPath": "/old"}') == "/old"
    assert interpreter_setting('{"python.defaultInterpreterPath": 3}') is None


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${workspaceFolder}/.venv/bin/python", f"{HOME}/project/.venv/bin/python"),
        (".venv/bin/python", f"{HOME}/project/.venv/bin/python"),
        ("~/tf/bin/python", f"{HOME}/tf/bin/python"),
        ("${env:CONDA}/bin/python", "/opt/conda/bin/python"),
        ("python3", "python3"),
        ("/abs/python", "/abs/python"),
    ],
)
def test_variables_of_the_editor_are_filled_in(tmp_path: Path, written: str, filled: str) -> None:
    tree = Tree(tmp_path / "root")
    path = tree.file(f"{HOME}/project/.vscode/settings.json", json.dumps({"python.defaultInterpreterPath": written}))
    world = tree.world(environ={"CONDA": "/opt/conda"}, cwd=f"{HOME}/project")
    assert find_editor_setting(world, Disk(tree.root)) == (path, f"{HOME}/project", filled)


def test_a_variable_that_only_the_editor_knows_is_no_answer(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    tree.file(f"{HOME}/project/.vscode/settings.json", '{"python.defaultInterpreterPath": "${command:x}/python"}')
    assert find_editor_setting(tree.world(), Disk(tree.root)) is None


def test_settings_of_other_peoples_folders_above_home_are_not_read(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    tree.file("/.vscode/settings.json", '{"python.defaultInterpreterPath": "/x/python"}')
    assert find_editor_setting(tree.world(), Disk(tree.root)) is None
