from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reports
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import SelectionError, Wish, choose, is_note_of_choice, nearest

REGISTRY = Registry(reports.CHECKS)
ALL = {check.id for check in reports.CHECKS}


def line(*names: str) -> list[Wish]:
    return [Wish(name=name, source="--option", from_command_line=True) for name in names]


def project(*names: str) -> list[Wish]:
    return [Wish(name=name, source="m1doctor.toml, ignore", from_command_line=False, reason="why") for name in names]


def chosen(select: Iterable[Wish] = (), ignore: Iterable[Wish] = ()) -> frozenset[str]:
    return choose(REGISTRY, select=select, ignore=ignore).ids


def test_without_wishes_every_check_takes_part() -> None:
    assert chosen() == ALL


def test_ids_prefixes_and_slugs_name_checks_in_any_case() -> None:
    assert chosen(line("LNK002")) == {"LNK002"}
    assert chosen(line("mac")) == {"MAC001", "MAC004", "MAC008"}
    assert chosen(line("MAC00", "memory-pressure")) == {"MAC001", "MAC004", "MAC008", "MEM001"}


def test_an_id_beats_a_prefix_whichever_way_round() -> None:
    assert chosen(line("MAC"), line("MAC004")) == {"MAC001", "MAC008"}
    assert chosen(line("MAC004", "TF"), line("MAC")) == {"MAC004", "TF001", "TF004"}


def test_of_two_equal_wishes_ignore_wins_on_the_command_line() -> None:
    assert chosen(line("MAC004"), line("MAC004")) == set()


def test_the_command_line_beats_an_equal_wish_of_the_settings() -> None:
    assert chosen(line("MAC004"), project("MAC004")) == {"MAC004"}
    assert chosen(line("MAC"), project("MAC004")) == {"MAC001", "MAC008"}


def test_a_check_that_is_left_out_is_told_with_its_reason() -> None:
    selection = choose(REGISTRY, ignore=project("MAC004"))
    assert selection.notes == ("MAC004 (virtual-machine) was left out by m1doctor.toml, ignore: why",)
    assert is_note_of_choice(selection.notes[0])


def test_a_check_that_was_never_selected_is_not_told() -> None:
    assert choose(REGISTRY, select=line("LNK"), ignore=project("MAC004")).notes == ()


@pytest.mark.parametrize("name", ["LNK9", "nonsense", "LNK002x", "*", " "])
def test_an_unknown_name_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(SelectionError, match="--option: there is no check") as error:
        chosen(line(name))
    assert repr(name) in str(error.value)


def test_the_nearest_names_are_offered() -> None:
    assert nearest(REGISTRY, "LNK003") == ["LNK002"]
    assert "plugin-symbol-not-found" in nearest(REGISTRY, "plugin-symbol-notfound")
    with pytest.raises(SelectionError, match="did you mean LNK002"):
        chosen(line("LNK003"))


@pytest.mark.parametrize("name", ["tf1", "TF01", "TF-001", "tf0001"])
def test_a_number_with_other_zeros_is_understood(name: str) -> None:
    assert nearest(REGISTRY, name) == ["TF001"]


@given(st.lists(st.sampled_from(sorted(ALL))), st.lists(st.sampled_from(sorted(ALL))))
def test_what_is_ignored_by_id_never_takes_part_and_what_is_selected_alone_does(
    select: list[str], ignore: list[str]
) -> None:
    ids = chosen(line(*select), line(*ignore))
    assert not ids & set(ignore)
    assert ids == (set(select) or ALL) - set(ignore)
