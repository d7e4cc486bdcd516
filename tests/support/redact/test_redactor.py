from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.support.redact.redactor import Redactor
from m1doctor.support.redact.secret import PSEUDONYM, Kind, Known
from support.redact import places

WORD = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd"), codec="utf-8"), min_size=1, max_size=12)
NAME = st.from_regex(r"[a-zé李ß]{3,12}", fullmatch=True)
WORDS = "a the file loads tensorflow 2.18.1 in /usr/lib/python3.11 : = ( ) ,"
PROSE = st.lists(st.sampled_from([*WORDS.split(), "\n"]))


@pytest.fixture
def anna() -> Redactor:
    return Redactor([Known(Kind.USER, "anna"), Known(Kind.HOST, "anna-mbp.local"), Known(Kind.HOME, "/data/anna")])


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("anna", "redacted-user-1"),
        ("savannah and annals", "savannah and annals"),
        ("anna_env anna-2 ANNA Anna's annas", None),
        ("/data/anna/tf", "/redacted-home-1/tf"),
        ("/data/annabel/tf", "/data/annabel/tf"),
        ("anna-mbp", "redacted-host-1"),
        ("http://anna-mbp.local:8888", "http://redacted-host-1:8888"),
    ],
)
def test_a_known_name_is_taken_out_as_a_word(anna: Redactor, text: str, redacted: str | None) -> None:
    after = anna.redact(text)
    if redacted is None:
        assert "anna" not in after.casefold()
    else:
        assert after == redacted


@pytest.mark.parametrize("user", ["a", "e", "io", "tf", "python", "max", "1"])
def test_a_short_or_common_name_eats_no_letters(user: str) -> None:
    redactor = Redactor([Known(Kind.USER, user)])
    text = "a file of python 1 is loaded: max memory, io, tf, e.g. tensorflow"
    assert redactor.redact(text) == text
    home = f"/Users/{user}/{user}/lib"
    assert redactor.redact(home) == f"/Users/redacted-user-1/{user}/lib"


@given(user=NAME, before=PROSE, after=PROSE)
def test_no_home_survives_in_any_surroundings(user: str, before: list[str], after: list[str]) -> None:
    text = f"{' '.join(before)} /Users/{user}q/tf {' '.join(after)}"
    redacted = Redactor().redact(text)
    assert f"{user}q" not in redacted
    assert redacted == text.replace(f"{user}q", "redacted-user-1")


@given(name=NAME, encoding=st.sampled_from(["plain", "percent", "json", "nfd", "broken"]))
def test_a_known_name_is_found_in_every_notation(name: str, encoding: str) -> None:
    user = f"{name}.qq"
    written = places.values(places.Person(user=user, full="-", host="-", computer="-"))
    text = {
        "plain": user,
        "percent": written["user_url"],
        "json": written["user_json"],
        "nfd": written["user_nfd"],
        "broken": f"{user[:3]}\n  {user[3:]}" if len(user) >= 8 else user,
    }[encoding]
    assert Redactor([Known(Kind.USER, user)]).redact(f"<{text}>") == "<redacted-user-1>"


@given(st.text())
def test_twice_is_once(text: str) -> None:
    once = Redactor().redact(text)
    assert Redactor().redact(once) == once


@given(st.lists(st.sampled_from([*places.PLACES]), min_size=1, max_size=3), st.sampled_from(places.PEOPLE), st.data())
def test_twice_is_once_for_torn_places(names: list[str], person: places.Person, data: st.DataObject) -> None:
    text = "".join(places.fill(places.PLACES[name], person)[0] for name in names)
    start = data.draw(st.integers(0, len(text)))
    torn = text[start : data.draw(st.integers(start, len(text)))]
    redactor = Redactor()
    once = redactor.redact(torn)
    assert Redactor().redact(once) == once
    assert redactor.surviving(once.encode()) == ()


@given(PROSE, WORD)
def test_text_without_secrets_is_returned_as_it_is(prose: list[str], word: str) -> None:
    text = " ".join([*prose, word.replace("AKIA", "")])
    assert Redactor().redact(text) == text


def test_a_secret_learned_later_is_taken_out_of_what_came_before() -> None:
    redactor = Redactor()
    redactor.learn("export WANDB_API_KEY=1234567890abcdef")
    assert redactor.redact("sent 1234567890abcdef") == "sent redacted-secret-1"


def test_what_is_innocent_stays() -> None:
    text = "connected to 20.4.8.16"
    assert Redactor().redact(text) == "connected to redacted-ip-1"
    assert Redactor(innocent=["20.4.8.16"]).redact(text) == text


def test_what_was_removed_is_counted_and_not_told() -> None:
    redactor = Redactor()
    redactor.redact("/Users/jane/a /Users/jane/b /Users/carl/c 192.168.1.7")
    assert [(removed.kind, removed.secrets, removed.places) for removed in redactor.removed()] == [
        (Kind.USER, 2, 3),
        (Kind.IP, 1, 1),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"xx hunter2-hunter2 xx",
        "hunter2-hunter2".encode("utf-16-le"),
        "hunter2-hunter2".encode("utf-16-be"),
        base64.b64encode(b"user:hunter2-hunter2!"),
        base64.b64encode(b"u:hunter2-hunter2"),
        base64.b64encode(b"me:hunter2-hunter2 and more"),
        b"hunter2-\n  hunter2",
    ],
)
def test_a_secret_that_is_left_is_seen_in_every_encoding(content: bytes) -> None:
    redactor = Redactor([Known(Kind.SECRET, "hunter2-hunter2")])
    assert redactor.surviving(content) == (Kind.SECRET,)
    assert redactor.surviving(b"nothing here") == ()


def test_a_pseudonym_is_safe_in_a_path_an_address_and_a_shell_line() -> None:
    redacted = Redactor().redact("/Users/jane/tf")
    assert PSEUDONYM.search(redacted)
    assert set(redacted) <= set("/abcdefghijklmnopqrstuvwxyzURS-0123456789tf")
