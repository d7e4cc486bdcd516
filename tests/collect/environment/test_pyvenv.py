from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.environment.pyvenv import parse_pyvenv_cfg


def test_keys_are_lower_case_and_values_keep_theirs() -> None:
    assert parse_pyvenv_cfg("Home = /opt/My Python/bin\r\nversion=3.12.4\n\nnonsense\n= x\n") == {
        "home": "/opt/My Python/bin",
        "version": "3.12.4",
    }


def test_a_value_may_hold_an_equals_sign_and_the_last_of_a_key_wins() -> None:
    assert parse_pyvenv_cfg("command = a --x=1\nhome = /a\nhome = /b") == {"command": "a --x=1", "home": "/b"}


@given(st.text())
def test_any_text_gives_stripped_words(text: str) -> None:
    for key, value in parse_pyvenv_cfg(text).items():
        assert key
        assert key == key.strip()
        assert value == value.strip()


KEYS = st.text(st.characters(codec="ascii", categories=("Ll", "Nd")), min_size=1)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs"))).map(str.strip)


@given(st.dictionaries(KEYS, VALUES))
def test_what_was_written_is_read_back(settings: dict[str, str]) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in settings.items())
    assert parse_pyvenv_cfg(text) == settings
