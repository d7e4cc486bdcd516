from __future__ import annotations

import ast
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linting import notebook
from m1doctor.lint.source import PassedOver, parse, read_source, split_lines, without_magics


def write(folder: Path, text: str | bytes, name: str = "a.ipynb") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install \\\n  tensorflow\nx = 1", "pass\n\nx = 1"),
        ("if y:\n    %time f()\nx = 1", "if y:\n    pass\nx = 1"),
        ("files = !ls\nx = 1", "files = None\nx = 1"),
        ("when = %timeit -o f()\nx = 1", "when = None\nx = 1"),
        ("?f\nx = 1", "pass\nx = 1"),
        ("f.g?\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nrm x\n", "\n\n"),
        ("%%writefile a.py\nx = (", "\n"),
        ("x = 10\n% 3\ny = 1", "x = 10\npass\ny = 1"),
    ],
)
def test_what_only_ipython_understands_is_left_out_line_for_line(cell: str, left: str) -> None:
    assert without_magics(cell) == left


@pytest.mark.parametrize(
    "cell",
    [
        "x = (10\n% 3)",
        "x = '''\n%matplotlib\n!ls\n'''",
        "print('really?')",
        "x = a != b  # why?",
        "",
    ],
)
def test_python_is_left_as_it_is(cell: str) -> None:
    assert without_magics(cell) == cell


@given(st.text(alphabet="ab=%!?()'\\ \n", max_size=60))
def test_no_line_is_lost_or_added(cell: str) -> None:
    plain = without_magics(cell)
    assert len(split_lines(plain)) == len(split_lines(cell))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["cells", "worksheets", "source", "cell_type", "metadata",
                                                       "input", "code", "language_info", "name"]), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_any_json_is_a_notebook_or_is_passed_over(tmp_path_factory: pytest.TempPathFactory, document: Any) -> None:
    path = write(tmp_path_factory.getbasetemp(), json.dumps(document), "any.ipynb")
    with contextlib.suppress(PassedOver):
        parse(read_source(path))


def test_cells_are_told_apart_and_a_broken_one_costs_only_itself(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, notebook("import a\nx = 1\n", "def f(:\n", "y = 2")))
    assert source.place(2) == (1, 2)
    assert [number for number, _ in source.broken_cells] == [2]
    assert "y = 2" in ast.unparse(parse(source))
    last = source.cells[-1]
    assert (last.number, source.place(last.first_line)) == (3, (3, 1))


def test_markdown_cells_count_in_the_numbers(tmp_path: Path) -> None:
    document = json.loads(notebook("x = 1"))
    document["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": ["# import (\n"]})
    source = read_source(write(tmp_path, json.dumps(document)))
    assert [cell.number for cell in source.cells] == [2]


def test_the_format_of_before_is_read(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"}]
    document = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert read_source(write(tmp_path, json.dumps(document))).text == "x = 1\ny = 2"


def test_a_cell_that_is_indented_as_a_whole_is_python(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, notebook("  x = 1\n  if x:\n    y = 2\n")))
    assert source.broken_cells == ()
    assert parse(source).body


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "no notebook: JSON is expected (line 1"),
        ("[]", "its JSON is no object"),
        ("{}", "no list of cells"),
        ('{"cells": [], "metadata": {"language_info": {"name": "R"}}}', "a notebook of r, not of Python"),
        (b"\xff\xfe", "no notebook"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_notebook_of_python_is_told(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(PassedOver) as caught:
        read_source(write(tmp_path, content))
    assert told in str(caught.value)


def test_a_folder_and_a_pipe_are_no_source(tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    with pytest.raises(PassedOver, match="not a regular file"):
        read_source(tmp_path / "a.py")
    with pytest.raises(PassedOver, match="no such file"):
        read_source(tmp_path / "b.py")
