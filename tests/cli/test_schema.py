from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import keras_archive
from documented import valid
from m1doctor.cli.schema import Document

Command = Callable[..., Any]


@pytest.mark.parametrize("name", Document)
def test_the_schema_of_each_document_is_printed_and_is_one(m1doctor: Command, name: str) -> None:
    schema = m1doctor("schema", name).document
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"m1doctor {name}"
    assert "schema_version" in json.dumps(schema)


def test_without_a_name_it_is_the_schema_of_the_report(m1doctor: Command) -> None:
    assert m1doctor("schema").out == m1doctor("schema", "report").out


def test_a_name_that_is_none_is_one_line(m1doctor: Command) -> None:
    answer = m1doctor("schema", "nonesuch")
    assert answer.status == 2
    assert answer.err.count("\n") == 1
    assert "undo-list" in answer.err


def test_what_verbs_write_answers_their_schemas(m1doctor: Command, packages: Path) -> None:
    target = ("--site-packages", packages)
    Path("train.py").write_text("import tensorflow as tf\ntf.config.set_visible_devices([], 'GPU')\n")
    Path("broken.py").write_text("def\n")
    for _ in range(2):
        valid("report", m1doctor("diagnose", *target, "--no-lock", "--format", "json").document)
        (packages / "tensorflow" / "__init__.py").unlink(missing_ok=True)
    listed = valid("history", m1doctor("history", *target, "--format", "json").document)
    assert len(listed["diagnoses"]) == 2
    compared = valid("diff", m1doctor("diff", *target, "--format", "json").document)
    assert compared["appeared"]
    linted = valid("lint", m1doctor("lint", ".", "--hints", "--format", "json").document)
    assert linted["findings"]
    assert linted["passed_over"]
    for arguments in ((), ("--python", "3.13", "--macos", "15.1"), ("--tensorflow", "2.20.0"), ("--plugin", "1.2.0")):
        valid("compat", m1doctor("compat", *arguments, "--format", "json").document)
    model = keras_archive.write(Path("picture.keras"), keras_archive.picture_model())
    valid("ops", m1doctor("ops", model, *target, "--format", "json").document)
