"""Every place where a Mac shows secrets: none survives, and all else stays."""

from __future__ import annotations

import pytest

from m1doctor.support.redact.redactor import Redactor
from support.redact import places


@pytest.mark.parametrize("person", places.PEOPLE, ids=lambda person: person.user)
@pytest.mark.parametrize("place", places.PLACES)
def test_no_secret_survives_where_a_mac_shows_it(place: str, person: places.Person) -> None:
    text, secrets = places.fill(places.PLACES[place], person)
    redacted = Redactor().redact(text)
    assert places.survivors(redacted, secrets) == []


@pytest.mark.parametrize("person", places.PEOPLE, ids=lambda person: person.user)
@pytest.mark.parametrize("place", places.PLACES)
def test_what_stands_around_a_secret_stays(place: str, person: places.Person) -> None:
    text, _ = places.fill(places.PLACES[place], person)
    redacted = Redactor().redact(text)
    position = 0
    for part in places.fixed_parts(places.PLACES[place]):
        found = redacted.find(part, position)
        assert found >= 0, (part, redacted)
        position = found + len(part)


@pytest.mark.parametrize("person", places.PEOPLE, ids=lambda person: person.user)
@pytest.mark.parametrize("place", places.PLACES)
def test_a_redacted_text_stays_as_it_is(place: str, person: places.Person) -> None:
    redactor = Redactor()
    once = redactor.redact(places.fill(places.PLACES[place], person)[0])
    assert redactor.redact(once) == once
    assert Redactor().redact(once) == once
    assert redactor.surviving(once.encode()) == ()


@pytest.mark.parametrize("name", places.PLAIN)
def test_a_text_without_secrets_stays_as_it_is(name: str) -> None:
    assert Redactor().redact(places.PLAIN[name]) == places.PLAIN[name]


@pytest.mark.parametrize("person", places.PEOPLE, ids=lambda person: person.user)
def test_a_secret_has_one_pseudonym_in_all_places(person: places.Person) -> None:
    redactor = Redactor()
    texts = {name: redactor.redact(places.fill(template, person)[0]) for name, template in places.PLACES.items()}
    serial = texts["system_profiler -json"].split('"serial_number" : "')[1].split('"')[0]
    assert serial.startswith("redacted-serial-")
    assert f"Serial Number (system): {serial}\n" in texts["system_profiler SPHardwareDataType"]
    assert f'"serial-number" = <{serial}>' in texts["ioreg"]
    user = texts["environment"].split("USER=")[1].split("\n")[0]
    assert f"/Users/{user}/code/train.py" in texts["traceback"]
    assert f"uid=501({user})" in texts["id"]
