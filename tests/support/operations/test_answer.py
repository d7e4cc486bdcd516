"""What the command line means, and which plugin is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.operations import ModelKind
from m1doctor.errors import UserError
from m1doctor.model.plugins import Plugin, Plugins, Provider
from m1doctor.support.operations.answer import choose_plugin, read_question


def _installed(provider: Provider, version: str | None) -> Plugins:
    library = Plugin(path="p", origin="tensorflow-plugins", real_path="p", provider=provider, version=version)
    return Plugins(libraries=(library,))


def test_a_script_a_folder_and_an_archive_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"")
    (tmp_path / "m.keras").write_bytes(b"")
    script = read_question("train.py:make_model", dtype=None, training=True, cwd=tmp_path)
    assert (script.kind, script.function) == (ModelKind.SCRIPT, "make_model")
    assert read_question("saved", dtype=None, training=True, cwd=tmp_path).kind is ModelKind.SAVED_MODEL
    assert read_question("m.keras", dtype="float16", training=True, cwd=tmp_path).kind is ModelKind.KERAS


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("absent.keras", "No such file"),
        ("absent.py:make", "No such file"),
        ("train.py", "name the function"),
        ("train.py:two words", "no name of a function"),
        (".", "without a saved_model.pb"),
        ("old.h5", "HDF5"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path, model: str, told: str) -> None:
    (tmp_path / "train.py").write_text("")
    (tmp_path / "old.h5").write_text("")
    with pytest.raises(UserError, match=told) as error:
        read_question(model, dtype=None, training=True, cwd=tmp_path)
    assert "\n" not in str(error.value)


def test_the_types_of_a_saved_model_cannot_be_changed(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(UserError, match="--dtype"):
        read_question(str(tmp_path), dtype="float16", training=True, cwd=tmp_path)


def test_a_named_plugin_comes_before_the_installed_one_and_that_before_the_newest() -> None:
    installed = _installed(Provider.APPLE, "1.1.0")
    named = choose_plugin("0.8.0", installed, "3.11.4")
    assert named.table is not None
    assert (named.table.plugin, named.table.pythons, named.named) == ("0.8.0", ("3.11",), True)
    here = choose_plugin(None, installed, "3.11")
    assert here.table is not None
    assert here.table.plugin == "1.1.0"
    newest = choose_plugin(None, Plugins(), None)
    assert newest.table is not None
    assert newest.table.plugin == "1.2.0"


def test_the_communitys_plugin_is_never_taken_for_apples() -> None:
    assert choose_plugin(None, _installed(Provider.COMMUNITY, None), "3.12").table is None


def test_a_plugin_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UserError, match=r"--plugin 7.0: no such release; there is 0.1.0, .*1.2.0"):
        choose_plugin("7.0", None, None)
