"""`m1doctor ops` as its users run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import keras_archive
from double import double

Command = Callable[..., Any]

SCRIPT = """
import tensorflow as tf

def make_model():
    inputs = tf.keras.Input((8,))
    hidden = tf.keras.layers.Dense(4, activation="elu", name="fallen")(inputs)
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(4, name="sound")(hidden))
    model.compile("sgd", "mean_squared_error")
    return model

def broken():
    raise RuntimeError("no such data set\\nand more")

number = 7
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return keras_archive.write(tmp_path / "picture.keras", keras_archive.picture_model())


def _by_name(document: dict[str, Any]) -> dict[str, Any]:
    return {layer["name"]: layer for layer in document["layers"]}


def test_an_archive_is_read_beside_a_folder_of_packages_without_running_anything(
    m1doctor: Command, model: Path, packages: Path
) -> None:
    answer = m1doctor("ops", model, "--site-packages", packages, "--format", "json")
    assert (answer.status, answer.err) == (0, "")
    assert answer.document["source"] == "configuration"
    assert answer.document["tensorflow"] == "2.18.1"
    assert answer.document["plugin"] == "1.2.0"
    assert [each["op"] for each in _by_name(answer.document)["fallen"]["fallen"]] == ["Elu", "EluGrad"]


def test_what_falls_is_a_warning(m1doctor: Command, model: Path, packages: Path) -> None:
    assert m1doctor("ops", model, "--site-packages", packages, "--fail-on", "warning").status == 1
    assert m1doctor("ops", model, "--site-packages", packages, "--fail-on", "error").status == 0
    Path("m1doctor.toml").write_text('fail-on = "warning"\n')
    assert m1doctor("ops", model, "--site-packages", packages).status == 1
    assert m1doctor("ops", model, "--site-packages", packages, "--fail-on", "error").status == 0


def test_another_plugin_and_another_type_can_be_asked_for(m1doctor: Command, model: Path, packages: Path) -> None:
    options = ("ops", model, "--site-packages", packages, "--format", "json")
    old = m1doctor(*options, "--plugin", "0.5.0").document
    half = m1doctor(*options, "--plugin", "0.5.0", "--dtype", "float16").document
    assert old["plugin"] == half["plugin"] == "0.5.0"
    assert not _by_name(old)["sound"]["fallen"]
    assert _by_name(half)["sound"]["fallen"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("absent.keras",), "cannot read absent.keras: No such file or directory"),
        (("{model}", "--plugin", "9"), "--plugin 9: no such release"),
        (("{model}", "--limit", "0"), "--limit: "),
        (("{model}", "--static", "--inference"), "--static and --inference exclude each other"),
        (("{model}", "--site-packages", "{packages}", "--inference"), "--site-packages and --inference exclude"),
        (("{script}", "--site-packages", "{packages}"), "only TensorFlow can read it"),
        (("{text}", "--static"), "is no .keras archive that can be read"),
    ],
)
def test_wrong_input_is_told_in_one_line(  # noqa: PLR0917 - fixtures and parameters
    m1doctor: Command, model: Path, packages: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "text.keras").write_text("no archive")
    names = {"model": model, "packages": packages, "script": f"{tmp_path}/script.py:make_model"}
    given = [word.format(text=tmp_path / "text.keras", **names) for word in arguments]
    answer = m1doctor("ops", *given)
    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.real_tensorflow
@pytest.mark.parametrize("requirement", [double.NEWEST, double.OLDER])
def test_tensorflow_traces_an_archive_and_agrees_with_its_configuration(
    m1doctor: Command, model: Path, requirement: str
) -> None:
    python = double.python(double.environment(requirement))
    traced = m1doctor("ops", model, "--python", python, "--format", "json").document
    read = m1doctor("ops", model, "--python", python, "--static", "--format", "json").document
    assert (traced["source"], read["source"]) == ("traced", "configuration")
    assert traced["tensorflow"] == read["tensorflow"]
    there, here = _by_name(traced), _by_name(read)
    both = there.keys() & here.keys()
    assert {"fallen", "sound"} <= both
    for name in both:
        assert {each["op"] for each in there[name]["fallen"]} == {each["op"] for each in here[name]["fallen"]}, name
    fallen = _by_name(traced)["fallen"]
    assert fallen["copies_to_cpu"] > 0
    assert fallen["copies_to_gpu"] > 0
    assert fallen["gpu"] > 0


@pytest.mark.real_tensorflow
def test_an_archive_with_a_class_of_the_users_own_is_told_with_the_ways_that_are_left(
    m1doctor: Command, tmp_path: Path
) -> None:
    own = {**keras_archive.layer("Block", "block"), "module": "my_package", "registered_name": "my_package>Block"}
    model = keras_archive.write(tmp_path / "own.keras", keras_archive.sequential(own))
    answer = m1doctor("ops", model, "--python", double.python(double.environment(double.NEWEST)))
    assert (answer.status, answer.out) == (2, "")
    assert "the model cannot be traced: TypeError" in answer.err
    assert "--static reads it layer by layer" in answer.err
    assert len(answer.err) < 800
    assert answer.err.count("\n") == 1


@pytest.mark.real_tensorflow
def test_a_function_of_a_script_is_called_and_its_model_traced(m1doctor: Command, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    python = double.python(double.environment(double.NEWEST))
    found = m1doctor("ops", f"{script}:make_model", "--python", python, "--dtype", "mixed_float16", "--format", "json")
    layers = _by_name(found.document)
    assert {each["op"] for each in layers["fallen"]["fallen"]} == {"Elu", "EluGrad"}
    # The scaled loss asks of every gradient whether it is finite.
    assert "IsFinite" in {each["op"] for each in layers["optimizer"]["fallen"]}
    for name, told in (("broken", "RuntimeError: no such data set"), ("number", "LookupError")):
        answer = m1doctor("ops", f"{script}:{name}", "--python", python)
        assert (answer.status, answer.out) == (2, "")
        assert told in answer.err
        assert answer.err.count("\n") == 1


@pytest.mark.real_tensorflow
def test_a_running_plugin_is_asked_itself_and_the_table_where_another_is_named(
    m1doctor: Command, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = double.clone(double.NEWEST, tmp_path / "venv")
    double.plug_in(folder)
    monkeypatch.setenv(double.FAULT, "no-conv2d-kernel")
    options = ("ops", model, "--python", double.python(folder), "--inference", "--format", "json")
    live = m1doctor(*options).document
    assert live["plugin"] is None
    # The stand-in was told to have a hole: what it has not falls, what it has does not.
    assert "Conv2D" in {each["op"] for each in _by_name(live)["sound"]["fallen"]}
    assert "MatMul" not in {each["op"] for each in _by_name(live)["last"]["fallen"]}
    table = m1doctor(*options, "--plugin", "1.2.0").document
    assert table["plugin"] == "1.2.0"
    assert not _by_name(table)["sound"]["fallen"]


@pytest.mark.real_tensorflow
def test_where_the_plugin_ends_the_import_the_table_is_asked_and_that_is_said(
    m1doctor: Command, model: Path, tmp_path: Path
) -> None:
    folder = double.clone(double.NEWEST, tmp_path / "venv")
    double.plug_in(folder, unresolved_symbol=True)
    found = m1doctor("ops", model, "--python", double.python(folder), "--format", "json").document
    assert "could not be run with its plugins" in found["notes"][0]
    assert found["plugin"] == "1.2.0"
