"""The families of Apple silicon."""

from __future__ import annotations

import pytest

from m1doctor.knowledge.chips import families, family_of_gpu, family_of_kernel


@pytest.mark.parametrize(("generation", "name"), [("G13", "Apple M1"), ("G16", "Apple M4"), ("G17", "Apple M5")])
def test_a_generation_of_gpus_names_its_family(generation: str, name: str) -> None:
    family = family_of_gpu(generation)
    assert family is not None
    assert family.name == name


def test_the_first_chip_is_known_by_its_kernel() -> None:
    family = family_of_kernel("T8103")
    assert family is not None
    assert family.name == "Apple M1"


def test_a_newer_chip_than_the_data_is_unknown() -> None:
    assert family_of_gpu("G99") is None
    assert family_of_kernel("T9999") is None


def test_no_two_families_share_a_generation() -> None:
    generations = [family.generation for family in families()]
    assert len(set(generations)) == len(generations)
