from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.setup.journal import BusyError, Event, Journal, Verb

ENVIRONMENT = Path("/Users/me/tf/.venv")


def test_a_transaction_is_read_back_as_it_was_written(journal: Journal) -> None:
    begun = journal.begin(Verb.SETUP, ENVIRONMENT, ("Make it.",), details={"staging": "/a"})
    journal.note(begun, Event.STEP, "Install 39 packages.")
    found = journal.find(begun.id)
    assert (found.verb, found.environment, found.plan) == (Verb.SETUP, ENVIRONMENT, ("Make it.",))
    assert found.details == {"staging": "/a"}
    assert found.events == (Event.BEGUN, Event.STEP)
    assert found.step == "Install 39 packages."


@pytest.mark.parametrize("end", [Event.KEPT, Event.RESTORED, Event.UNDONE, Event.FORGOTTEN])
def test_a_transaction_is_open_until_its_end(journal: Journal, end: Event) -> None:
    begun = journal.begin(Verb.FIX, ENVIRONMENT, ())
    assert journal.interrupted(ENVIRONMENT) == begun
    journal.note(begun, end)
    assert journal.interrupted(ENVIRONMENT) is None


def test_an_undo_opens_a_kept_transaction_again(journal: Journal) -> None:
    kept = journal.note(journal.begin(Verb.FIX, ENVIRONMENT, ()), Event.KEPT)
    assert journal.note(kept, Event.UNDOING).open


def test_the_newest_transaction_comes_first_and_other_environments_stay_out(journal: Journal) -> None:
    first = journal.begin(Verb.FIX, ENVIRONMENT, ("first",))
    journal.begin(Verb.FIX, Path("/other"), ("other",))
    last = journal.begin(Verb.FIX, ENVIRONMENT, ("last",))
    assert journal.transactions(ENVIRONMENT) == [last, first]
    assert len(journal.transactions()) == 3


def test_there_is_nothing_where_nothing_was_ever_done(journal: Journal) -> None:
    assert journal.transactions() == []
    assert journal.interrupted(ENVIRONMENT) is None
    assert not journal.folder.exists()


@given(cut=st.integers(min_value=1))
def test_a_line_that_a_crash_cut_off_counts_as_not_written(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    journal = Journal(tmp_path_factory.mktemp("journal"))
    begun = journal.begin(Verb.FIX, ENVIRONMENT, ("Install it.",))
    file = journal.folder / f"{begun.id}.jsonl"
    whole = file.read_bytes()
    journal.note(begun, Event.BACKED_UP)
    longer = file.read_bytes()
    file.write_bytes(longer[: len(whole) + cut % (len(longer) - len(whole) - 1)])
    assert journal.find(begun.id) == begun


def test_a_transaction_whose_first_line_is_cut_off_had_not_begun(journal: Journal) -> None:
    begun = journal.begin(Verb.FIX, ENVIRONMENT, ())
    file = journal.folder / f"{begun.id}.jsonl"
    file.write_bytes(file.read_bytes()[:20])
    assert journal.transactions() == []
    with pytest.raises(LookupError):
        journal.find(begun.id)


def test_two_at_once_are_kept_apart(journal: Journal) -> None:
    with journal.alone(), pytest.raises(BusyError, match="another m1doctor"), journal.alone():
        pass
    with journal.alone():
        pass
