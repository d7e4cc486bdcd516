from __future__ import annotations

import re

from m1doctor.knowledge.redaction import plain_names, secret_keys, token_shapes
from m1doctor.support.redact.keyed import squeezed


def test_every_form_of_a_token_says_where_it_is_written() -> None:
    assert token_shapes()
    for shape in token_shapes():
        assert shape.prefixes
        assert shape.least >= 10
        assert re.compile(f"[{shape.characters}]")
        assert shape.url.startswith("https://")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", shape.date)


def test_labels_are_written_as_they_are_compared() -> None:
    keys = secret_keys()
    for name in ("serial", "hardware_uuid", "mac_address", "host", "user"):
        words = getattr(keys, name)
        assert words == {squeezed(word) for word in words}


def test_names_are_written_as_they_are_compared() -> None:
    for names in (plain_names().nobody, plain_names().words):
        assert names == {name.casefold() for name in names}
