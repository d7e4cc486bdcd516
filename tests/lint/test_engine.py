from __future__ import annotations

from pathlib import Path

import pytest

from linting import A_MAC, ALL_RULES, answer, notebook
from m1doctor.lint.engine import Wanted, lint_paths
from m1doctor.lint.files import PathError

HIDES = "import tensorflow as tf\ntf.config.set_visible_devices([], 'GPU')\n"


def test_a_finding_says_where_and_what(tmp_path: Path) -> None:
    (found,) = answer(tmp_path, {"a.py": f"# première\n{HIDES}"}).findings
    assert (found.rule, found.line, found.column, found.cell) == ("LOAD001", 3, 1, None)
    assert found.source_line == "tf.config.set_visible_devices([], 'GPU')"


def test_columns_are_characters_and_not_bytes(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nname = 'é€😀'; tf.config.set_visible_devices([], 'GPU')\n"
    (found,) = answer(tmp_path, {"a.py": text}).findings
    assert found.source_line[found.column - 1 : found.end_column - 1] == "tf.config.set_visible_devices([], 'GPU')"


def test_a_notebook_is_found_by_cell_and_line(tmp_path: Path) -> None:
    text = notebook(
        "%pip install tensorflow\nimport tensorflow as tf\n", "x = 1\ntf.config.set_visible_devices([], 'GPU')"
    )
    (found,) = answer(tmp_path, {"a.ipynb": text}).findings
    assert (found.cell, found.line, found.column) == (2, 2, 1)


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# m1doctor: noqa", True),
        ("# m1doctor: noqa[LOAD001]", True),
        ("# the CPU is meant  # m1doctor:noqa[LOAD1, gpu-hidden]", True),
        ("# m1doctor: noqa[LOAD0]", True),
        ("# m1doctor: noqa[LOAD002]", False),
        ("# noqa", False),
    ],
)
def test_a_comment_silences_the_rules_that_it_names(tmp_path: Path, comment: str, silent: bool) -> None:  # noqa: FBT001
    found = answer(tmp_path, {"a.py": f"{HIDES.rstrip()}  {comment}\n"})
    assert (len(found.findings), found.silenced) == ((0, 1) if silent else (1, 0))


def test_hints_are_told_only_where_they_are_asked_for(tmp_path: Path) -> None:
    files = {"a.py": "import tensorflow as tf\ntf.einsum('ij->ji', x)\n"}
    assert [each.rule for each in answer(tmp_path, files, hints=True).findings] == ["LOAD306"]
    assert answer(tmp_path, files, hints=False).findings == ()
    named = Wanted(ids=frozenset({"LOAD306"}), by_name=frozenset({"LOAD306"}))
    assert len(lint_paths([str(tmp_path)], A_MAC, wanted=named).findings) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"import tensorflow\ndef broken(:\n", "line 2"),
        (b"import tensorflow\0\n", "NUL"),
        (b"import tensorflow # \xe9\n", "not UTF-8 (line 1"),
        (b"# coding: nonsense\nimport tensorflow\n", "nonsense"),
        (b"import tensorflow\nx = " + b"(" * 5000 + b")" * 5000, "nested"),
        (b"import tensorflow\nx = " + b"-" * 200_000 + b"1\n", "nested too deeply"),
        (b"import tensorflow\nx = a" + b".a" * 200_000 + b"\n", "nested too deeply"),
        (b"import tensorflow\n" + b"#" * (17 * 2**20), "larger than 16 MiB"),
    ],
    ids=["broken", "NUL", "latin-1", "unknown encoding", "parentheses", "operators", "attributes", "huge"],
)
def test_a_file_that_cannot_be_judged_is_reported_and_the_others_are_judged(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "bad.py").write_bytes(content)
    found = answer(tmp_path, {"good.py": HIDES})
    (passed,) = found.passed
    assert passed.path.endswith("bad.py")
    assert told in passed.reason
    assert len(found.findings) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"# -*- coding: latin-1 -*-\nname = '\xe9'\n" + HIDES.encode(),
        b"\xef\xbb\xbf" + HIDES.encode(),
        HIDES.replace("\n", "\r\n").encode(),
        HIDES.replace("\n", "\r").encode(),
        b"\x0c\n" + HIDES.encode(),
        b"x = '\\d'  # an escape that Python warns about\n" + HIDES.encode(),
    ],
    ids=["declared", "byte order mark", "CRLF", "CR", "form feed", "invalid escape"],
)
def test_every_form_of_source_that_python_takes_is_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.py").write_bytes(content)
    found = answer(tmp_path, {})
    assert found.passed == ()
    assert [each.source_line for each in found.findings] == ["tf.config.set_visible_devices([], 'GPU')"]


@pytest.mark.parametrize(
    "expression",
    ["+".join(["a"] * 900), "a" + "[0]" * 900, "f(" * 90 + ")" * 90, "lambda: " * 90 + "0"],
    ids=["sum", "subscripts", "calls", "lambdas"],
)
def test_deep_nesting_that_python_parses_is_judged(tmp_path: Path, expression: str) -> None:
    assert len(answer(tmp_path, {"a.py": f"{HIDES}x = {expression}\n"}).findings) == 1


def test_names_that_lead_in_a_ring_lead_nowhere(tmp_path: Path) -> None:
    one = "import tensorflow\nfrom two import a\nfor x in a:\n    a.predict(x)\na.train_on_batch(a)\n"
    two = (
        "import tensorflow\nfrom one import a\nb = c\nc = b\nclass A(B): pass\nclass B(A): pass\nb.fit(c, workers=b)\n"
    )
    assert answer(tmp_path, {"one.py": one, "two.py": two}).crashes == ()


def test_names_that_fan_out_are_given_up_in_time(tmp_path: Path) -> None:
    chain = "".join(f"a{n} = a{n + 1} if x else a{n + 1}\n" for n in reversed(range(60)))
    ring = "".join(f"{name} = {other}.x\n" for name in "bcdefgh" for other in "bcdefgh")
    uses = "import tensorflow\nfor x in b:\n    a0.predict(x)\n    b.predict(x)\n    b.fit(c, workers=a0)\n"
    assert answer(tmp_path, {"a.py": chain + ring + uses}).files == 1


def test_what_nobody_wrote_there_is_not_read(tmp_path: Path) -> None:
    places = (".git", "venv", "site-packages", ".hidden", "__pycache__", "node_modules", "own/lib")
    files = {f"{place}/a.py": HIDES for place in places}
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "pyvenv.cfg").touch()
    found = answer(tmp_path, {**files, "mine/a.py": HIDES, "mine/notes.txt": HIDES})
    assert [Path(each.path).parent.name for each in found.findings] == ["mine"]
    assert found.files == 1


def test_a_file_that_is_reached_twice_is_judged_once(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(HIDES)
    (tmp_path / "link.py").symlink_to(path)
    assert len(lint_paths([str(tmp_path), str(path)], A_MAC).findings) == 1


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathError, match=r"missing\.py: no such file or folder"):
        lint_paths([str(tmp_path / "missing.py")])


def test_several_processes_give_the_same_answer_as_one(tmp_path: Path) -> None:
    files = {f"a{number}.py": HIDES * (number % 3) for number in range(30)} | {"bad.py": "import tensorflow as ("}
    alone = answer(tmp_path, files)
    wanted = Wanted(ids=ALL_RULES, hints=True)
    assert lint_paths([str(tmp_path)], A_MAC, wanted=wanted, processes=2) == alone
