"""Every rule finds the example of its own page, and not what the page recommends instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from linting import A_MAC, KERAS_2, lines
from m1doctor.lint.registry import load_rules
from m1doctor.lint.rule import Rule
from m1doctor.model.finding import Level

HEAD = """\
import os
import cv2
import keras
import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator
data = files = tf.data.Dataset.range(9)
model = keras.Sequential()
spec = step = paths = None
def decode(path):
    return tf.io.decode_jpeg(tf.io.read_file(path))
def augment(image):
    return image + tf.random.uniform([])
@tf.function
def train_step(batch, number=0):
    return batch
"""
TAIL = {"LOAD207": "\nmodel.fit(data)", "LOAD209": "\nmodel.fit(data)"}
"""What of a page's example goes on elsewhere."""
VERSIONS = {
    "LOAD203": replace(KERAS_2, tensorflow="2.10.1"),
    "LOAD311": replace(A_MAC, chip="Apple M1"),
}
WHOLE = {"LOAD006": "import os\n"}
"""What stands before an example that brings its own imports."""


def program(rule: Rule, text: str) -> str:
    return f"{WHOLE.get(rule.id, HEAD)}{text}{TAIL.get(rule.id, '')}\n"


def found(folder: Path, rule: Rule, text: str) -> list[str]:
    versions = VERSIONS.get(rule.id, A_MAC)
    return lines(folder, program(rule, text), rule.id, versions)


@pytest.mark.parametrize("rule", list(load_rules()), ids=lambda rule: rule.id)
def test_the_example_is_found(rule: Rule, tmp_path: Path) -> None:
    assert len(found(tmp_path, rule, rule.page.example)) == 1


@pytest.mark.parametrize("rule", list(load_rules()), ids=lambda rule: rule.id)
def test_what_is_recommended_is_not(rule: Rule, tmp_path: Path) -> None:
    assert found(tmp_path, rule, rule.page.better) == []


@pytest.mark.parametrize("rule", list(load_rules()), ids=lambda rule: rule.id)
def test_a_page_says_what_it_must(rule: Rule) -> None:
    page = rule.page
    for words in (page.what, page.why, page.fix, page.versions):
        assert words.endswith((".", "."))
        assert "  " not in words
    assert page.sources
    assert all(source.date for source in page.sources)
    assert rule.level in (Level.NOTE, Level.WARNING, Level.ERROR)


@pytest.mark.parametrize("rule", list(load_rules()), ids=lambda rule: rule.id)
def test_the_example_holds_a_word_that_makes_the_rule_run(rule: Rule) -> None:
    assert any(word in program(rule, rule.page.example) for word in rule.words)
