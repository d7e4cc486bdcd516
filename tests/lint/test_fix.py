from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from linting import A_MAC, KERAS_2, NOTHING_KNOWN, answer, notebook
from m1doctor.lint.fix import mend
from m1doctor.lint.target import Versions

HEAD = "import keras\nimport tensorflow as tf\n\nmodel = keras.Sequential()\n"
OLD = replace(KERAS_2, tensorflow="2.10.1")


def mended(folder: Path, name: str, versions: Versions = A_MAC) -> str:
    changed, left = mend(answer(folder, {}, versions).findings)
    for each in changed:
        each.write()
    assert left == []
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return stream.read()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.fit(x, workers=4)", "model.fit(x)"),
        ("model.fit(x, workers=4, epochs=2, use_multiprocessing=True)  # why", "model.fit(x, epochs=2)  # why"),
        (
            "model.fit(\n    x,  # the data\n    epochs = 2,\n    workers=4,\n)",
            "model.fit(\n    x,  # the data\n    epochs = 2,\n)",
        ),
        ("model.fit(x,\n          max_queue_size=3,\n          epochs=2)", "model.fit(x,\n          epochs=2)"),
        ("é = 'é€😀'; model.fit(é, workers=4)", "é = 'é€😀'; model.fit(é)"),
        ("o = tf.keras.optimizers.legacy.Adam( 1e-3 )", "o = tf.keras.optimizers.Adam( 1e-3 )"),
        ("o = keras . optimizers . legacy . SGD()", "o = keras . optimizers . SGD()"),
    ],
)
def test_what_raises_is_taken_away_and_all_else_stays(tmp_path: Path, before: str, after: str) -> None:
    odd = "\n\nx = [1,2 ,3]   # odd, and mine\n"
    (tmp_path / "a.py").write_text(f"{HEAD}{before}{odd}", encoding="utf-8")
    assert mended(tmp_path, "a.py") == f"{HEAD}{after}{odd}"
    assert mended(tmp_path, "a.py") == f"{HEAD}{after}{odd}"


def test_a_missing_prefetch_is_appended_where_tensorflow_is_old(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{HEAD}data = tf.data.Dataset.range(9)\nmodel.fit( data.batch(2), epochs=3)\n")
    once = mended(tmp_path, "a.py", OLD)
    assert once.endswith("model.fit( data.batch(2).prefetch(tf.data.AUTOTUNE), epochs=3)\n")
    assert mended(tmp_path, "a.py", OLD) == once


@pytest.mark.parametrize(
    "text",
    [
        "model.fit(x, workers=count())\n",
        "from keras.optimizers.legacy import Adam\nAdam()\n",
        "keras.optimizers.legacy.Adam(lr=1)\n",
        "model.compile('sgd', run_eagerly=True)\n",
    ],
)
def test_what_may_change_a_result_is_never_mended(tmp_path: Path, text: str) -> None:
    changed, left = mend(answer(tmp_path, {"a.py": HEAD + text}).findings)
    assert (changed, left) == ([], [])


def test_nothing_is_mended_for_versions_that_are_not_known(tmp_path: Path) -> None:
    found = answer(tmp_path, {"a.py": f"{HEAD}model.fit(x, workers=4)\n"}, NOTHING_KNOWN).findings
    assert len(found) == 1
    assert mend(found) == ([], [])


def test_a_comment_is_never_lost(tmp_path: Path) -> None:
    text = f"{HEAD}model.fit(\n    x,\n    workers=4,  # of this machine\n    epochs=2,\n)\n"
    changed, (left,) = mend(answer(tmp_path, {"a.py": text}).findings)
    assert changed == []
    assert left.reason == "not mended: a comment stands beside what would be taken away"


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + "model.fit(x, workers=4)\n").replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + HEAD.encode() + b"model.fit(x, workers=4)\n",
        b"# coding: latin-1\n# \xe9\n" + HEAD.encode() + b"model.fit(x, workers=4)\n",
        HEAD.encode() + b"model.fit(x, workers=4)",
    ],
    ids=["CRLF", "byte order mark", "latin-1", "no final newline"],
)
def test_the_bytes_of_the_rest_stay(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(content)
    path.chmod(0o750)
    changed, _ = mend(answer(tmp_path, {}).findings)
    for each in changed:
        each.write()
    assert path.read_bytes() == content.replace(b", workers=4", b"")
    assert path.stat().st_mode & 0o777 == 0o750


def test_a_notebook_keeps_everything_but_the_cell(tmp_path: Path) -> None:
    before = notebook(HEAD, "# é\nmodel.fit(x, workers=4)\n", "!ls\n")
    (tmp_path / "a.ipynb").write_text(before, encoding="utf-8")
    assert mended(tmp_path, "a.ipynb") == before.replace(", workers=4", "")


def test_a_notebook_that_was_written_otherwise_is_left_as_it_is(tmp_path: Path) -> None:
    text = json.dumps(json.loads(notebook(HEAD + "model.fit(x, workers=4)")), indent=3)
    changed, (left,) = mend(answer(tmp_path, {"a.ipynb": text}).findings)
    assert changed == []
    assert "not written as Jupyter writes" in left.reason


def test_a_cell_with_magics_is_left_as_it_is(tmp_path: Path) -> None:
    text = notebook(dedent(HEAD) + "%time model.fit(x)\nmodel.fit(x, workers=4)\n")
    changed, (left,) = mend(answer(tmp_path, {"a.ipynb": text}).findings)
    assert changed == []
    assert left.reason == "not mended: LibCST cannot read it"
