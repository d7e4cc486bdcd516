from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.support.redact.keyed import pairs, squeezed, words


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('"serial_number" : "F2LX"', "serial_number", "F2LX"),
        ("{'API_KEY': 'abc'}", "API_KEY", "abc"),
        ('\\"API_KEY\\": \\"abc\\"', "API_KEY", "abc"),
        ('"serial-number" = <46324c58>', "serial-number", "46324c58"),
        ("<key>Serial</key>\n\t<string>F2LX</string>", "Serial", "F2LX"),
        ("      Serial Number (system): F2LX", "Serial Number (system)", "F2LX"),
        ("export TOKEN='a b'", "TOKEN", "a b"),
        ("password = a b", "password", "a b"),
        ("x?token=abc&y=1", "token", "abc"),
        ("run --api-key abc", "api-key", "abc"),
        ("['run', '--api-key', 'abc']", "api-key", "abc"),
    ],
)
def test_a_name_and_its_value_are_seen_in_every_notation(text: str, key: str, value: str) -> None:
    found = {(pair.key, pair.value, text[pair.start : pair.end]) for pair in pairs(text)}
    assert (key, value, value) in found


@given(st.text())
def test_a_value_stands_where_it_is_said_to_stand(text: str) -> None:
    for pair in pairs(text):
        assert text[pair.start : pair.end] == pair.value


def test_words_of_a_name() -> None:
    assert words("AWS_ACCESS_KEY_ID") == words("awsAccessKeyId") == ("aws", "access", "key", "id")
    assert squeezed("Numéro de série (système)") == "numérodesériesystème"
