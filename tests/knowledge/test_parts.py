"""What the parts of the work do: the tables, the scripts and the facts go together."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import m1doctor.probes.parts
from m1doctor.collect.work import SECTION_TYPES
from m1doctor.knowledge.parts import SECTIONS, part_words, parts, works_on_device


def test_a_part_has_a_script_a_table_and_a_field_of_its_name() -> None:
    folder = Path(m1doctor.probes.parts.__path__[0])
    for part in parts():
        assert (folder / f"{part.name}.py").is_file()
        assert part.name in get_type_hints(SECTION_TYPES[part.section])
    assert set(SECTION_TYPES) == set(SECTIONS)


def test_no_two_parts_have_one_name_and_none_has_that_of_a_stage() -> None:
    names = [part.name for part in parts()]
    assert len(set(names)) == len(names)
    assert not set(names) & {"start", "import tensorflow", "numpy alone", "devices", "placement", "exit"}


def test_every_part_has_a_limit_and_says_what_it_does() -> None:
    for part in parts():
        assert 0 < part.limit_seconds <= 20
        assert part_words(part.name) == part.words
    assert part_words("juggling") is None
    assert works_on_device("product")
    assert not works_on_device("pipeline")


def test_the_tolerance_lies_between_rounding_and_a_wrong_answer() -> None:
    # Measured for this size: rounding 9e-5 of a largest value of 153 on the CPU, 2e-4 with a plain loop.
    options = next(part.options for part in parts() if part.name == "product")
    first = options["products"][0]
    tolerance = options["factor"][first["dtype"]] * first["size"] ** 0.5 * 2.0**-23 * 153
    assert 10 * 2e-4 < tolerance < 0.1
