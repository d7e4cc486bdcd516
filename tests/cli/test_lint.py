from __future__ import annotations

import json
from pathlib import Path

import pytest

import sarif_schema
from m1doctor.cli.app import run
from m1doctor.cli.exits import Exit

HIDES = "import tensorflow as tf\ntf.config.set_visible_devices([], 'GPU')\n"
EAGER = "import keras\nmodel.compile('sgd', run_eagerly=True)\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(HIDES)
    (tmp_path / "eager.py").write_text(EAGER)
    (tmp_path / "clean.py").write_text("import tensorflow\n")
    return tmp_path


def test_the_text_has_the_line_and_a_caret(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "train.py", "--tensorflow", "2.18.1"]) == Exit.FINDINGS
    out = capsys.readouterr().out
    assert out.startswith("train.py:2:1\n  LOAD001 error This hides the GPU")
    assert "   2 │ tf.config.set_visible_devices([], 'GPU')\n       │ ^^^^^^^^" in out
    assert "1 error in 1 file, 2 lines" in out
    assert "TensorFlow 2.18.1" in out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["train.py"], Exit.FINDINGS),
        (["eager.py"], Exit.CLEAN),
        (["eager.py", "--fail-on", "warning"], Exit.FINDINGS),
        (["train.py", "--fail-on", "never"], Exit.CLEAN),
        (["train.py", "--ignore", "LOAD001"], Exit.CLEAN),
        (["train.py", "--select", "eager-model"], Exit.CLEAN),
        (["clean.py"], Exit.CLEAN),
        (["missing.py"], Exit.USAGE),
        (["broken.py"], Exit.USAGE),
        (["clean.py", "--select", "LOAD999"], Exit.USAGE),
        (["clean.py", "--tensorflow", "new"], Exit.USAGE),
        (["clean.py", "--python", "/nowhere/python"], Exit.USAGE),
        ([], Exit.USAGE),
    ],
)
def test_the_exit_status(arguments: list[str], status: Exit, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if "broken.py" in arguments:
        (here / "broken.py").write_text("import tensorflow as (\n")
    assert run(["lint", *arguments]) == status
    capsys.readouterr()


def test_settings_choose_rules_beside_checks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = 'select = ["LNK", "LOAD0"]\nignore = { LOAD001 = "the CPU is meant", MAC004 = "a VM" }\nhints = true\n'
    (here / "m1doctor.toml").write_text(settings)
    assert run(["lint", "."]) == Exit.CLEAN
    assert "Nothing found" in capsys.readouterr().out
    assert run(["diagnose", "--quick", "--site-packages", str(here), "--no-lock"]) != 3
    assert "there is no check" not in capsys.readouterr().err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_document_is_nothing_but_itself(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", ".", "--format", form])
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    if form == "sarif":
        sarif_schema.validator().validate(document)


def test_the_answer_goes_into_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", ".", "--format", "json", "--output", "answer.json"]) == Exit.FINDINGS
    assert capsys.readouterr().out == ""
    assert [each["id"] for each in json.loads((here / "answer.json").read_text())["findings"]] == ["LOAD101", "LOAD001"]


def test_a_rule_is_explained_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "LOAD001"]) == Exit.CLEAN
    page = capsys.readouterr().out
    assert "tf.config.set_visible_devices([], 'GPU')" in page
    assert run(["explain", "load-1"]) == Exit.USAGE
    assert "LOAD001" in capsys.readouterr().err
    assert run(["checks", "--format", "json"]) == Exit.CLEAN
    assert "LOAD001" in [entry["id"] for entry in json.loads(capsys.readouterr().out)["pages"]]


WORKERS = "import keras\nmodel = keras.Sequential()\nmodel.fit(x, workers=4)\n"


def test_a_diff_shows_what_a_fix_would_change_and_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "train.py").write_text(WORKERS)
    assert run(["lint", "train.py", "--keras", "3.8.0", "--diff"]) == Exit.FINDINGS
    out = capsys.readouterr().out
    assert out.startswith("--- a/train.py\n+++ b/train.py\n")
    assert "-model.fit(x, workers=4)\n+model.fit(x)\n" in out
    assert (here / "train.py").read_text() == WORKERS


def test_a_diff_of_an_absolute_path_has_it_as_git_writes_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = here / "train.py"
    script.write_text(WORKERS)
    assert run(["lint", str(script), "--keras", "3.8.0", "--diff"]) == Exit.FINDINGS
    assert capsys.readouterr().out.startswith(f"--- a{script}\n+++ b{script}\n")


def test_a_fix_mends_and_judges_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "train.py").write_text(WORKERS)
    assert run(["lint", "train.py", "--keras", "3.8.0", "--fix"]) == Exit.CLEAN
    captured = capsys.readouterr()
    assert "mended 1 of 1 finding in 1 file" in captured.err
    assert "Nothing found" in captured.out
    assert (here / "train.py").read_text() == WORKERS.replace(", workers=4", "")
    assert run(["lint", "train.py", "--keras", "3.8.0", "--diff"]) == Exit.CLEAN
    assert capsys.readouterr().out == ""


def ids(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    run(["lint", "script.py", "--format", "json", *arguments])
    return [each["id"] for each in json.loads(capsys.readouterr().out)["findings"]]


def test_the_versions_that_are_said_decide(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    half = "import keras\nkeras.mixed_precision.set_global_policy('mixed_bfloat16')\n"
    (here / "script.py").write_text(f"{half}keras.optimizers.legacy.Adam()\n")
    assert ids(capsys, "--hints", "--keras", "3.8.0", "--chip", "M2") == ["LOAD311", "LOAD309"]
    assert ids(capsys, "--hints", "--keras", "3.8.0", "--chip", "Apple M4") == ["LOAD309"]
    assert ids(capsys, "--hints", "--tensorflow", "2.15.1", "--chip", "Apple M4") == []
    assert ids(capsys, "--keras", "3.8.0", "--chip", "M2") == ["LOAD309"]


def test_the_packages_of_a_folder_decide(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "script.py").write_text("import keras\nkeras.optimizers.legacy.Adam()\n")
    for version in ("2.15.1", "2.18.1"):
        (here / version / f"tensorflow-{version}.dist-info").mkdir(parents=True)
    assert ids(capsys, "--site-packages", "2.15.1") == []
    assert ids(capsys, "--site-packages", "2.18.1") == ["LOAD309"]
