"""What each strategy takes for a secret and what it leaves, beside the places of ``places.toml``."""

from __future__ import annotations

import pytest

from m1doctor.support.redact import (
    emails,
    hardware_uuids,
    homes,
    hosts,
    ip_addresses,
    mac_addresses,
    people,
    serials,
    tokens,
    urls,
)
from m1doctor.support.redact.secret import Strategy

TAKEN: list[tuple[Strategy, str, list[str]]] = [
    (homes.find, "/Users/jane", ["jane"]),
    (homes.find, "/home/jane.", ["jane"]),
    (homes.find, "/System/Volumes/Data/Users/jane/x", ["jane"]),
    (homes.find, "C:\\Users\\jane\\x", ["jane"]),
    (homes.find, "'/Users/jane doe/x'", ["jane doe", "jane"]),
    (homes.find, "http://localhost:8888/tree/Users/jane/x.ipynb", ["jane"]),
    (homes.find, "~jane/x", ["jane"]),
    (homes.find, "/Users/Shared/x /Users/$USER/x /Users/*/x ~/x", []),
    (homes.find, "https://example.com/home/page and https://example.com/Users/list/x", []),
    (people.find, "USER=jane", ["jane"]),
    (people.find, "user = yes", []),
    (people.find, "User Name: root", []),
    (hosts.find, "Darwin Mac 22.6.0", []),
    (hosts.find, "Darwin MacBook-Pro.local 22.6.0", []),
    (hosts.find, "http://jane-pc:8888/", ["jane-pc"]),
    (hosts.find, "threading.local werkzeug.local keras.src.internal", []),
    (serials.find, "Serial Number: None", []),
    (serials.find, "C02XG0FDJGH5", ["C02XG0FDJGH5"]),
    (hardware_uuids.find, "UUID=D2EF42E3-3A7F-39DD-9982-FB6BCDC2853C", []),
    (hardware_uuids.find, "kern.uuid: D2EF42E3-3A7F-39DD-9982-FB6BCDC2853C", []),
    (mac_addresses.find, "A4-83-E7-2B-90-1C a483.e72b.901c", ["A4-83-E7-2B-90-1C", "a483.e72b.901c"]),
    (mac_addresses.find, "24-01-05-12-30-59 00:00:00:00:00:00 aa:bb:cc:dd:ee:ff:00:11", []),
    (ip_addresses.find, "10.0.0.7 172.16.3.4:22 http://203.0.113.7/x", ["10.0.0.7", "172.16.3.4", "203.0.113.7"]),
    (ip_addresses.find, "package 2.18.1.0, v10.1.2.3, x-10.0.0.1.whl, ==192.168.0.1, 1.2.3.4.5", []),
    (ip_addresses.find, "fe80::1cb2:3a4b:5c6d:7e8f%en0", ["fe80::1cb2:3a4b:5c6d:7e8f"]),
    (ip_addresses.find, "std::add abc::def dead::beef 12:34:56 ::1", []),
    (ip_addresses.find, "ip-10-1-2-3.ec2.internal", ["10-1-2-3"]),
    (emails.find, "jane@example.org, <j+x@mail.example.co.uk>", ["jane@example.org", "j+x@mail.example.co.uk"]),
    (emails.find, "git@github.com python@3.11 logo@2x.png @rpath/x.dylib keras@v3.4.0", []),
    (urls.find, "https://jane:pw@host/x", ["pw", "jane"]),
    (urls.find, "https://host:8080/a@b https://host/a:b@c", []),
    (urls.find, "https://jane@corp.com:pw@host/", ["pw", "jane@corp.com"]),
    (urls.find, "https://conda.anaconda.org/t/<TOKEN>/x https://jane:****@host/", ["jane"]),
    (tokens.find, "GITHUB_TOKEN=abc", ["abc"]),
    (tokens.find, "dbPassword: 'x y'", ["x y"]),
    (tokens.find, "TOKENIZERS_PARALLELISM=false KEYBOARD=us PUBLIC_KEY=abc MONKEY=x", []),
    (tokens.find, "token=$TOKEN password=%(password)s key={key}", []),
    (tokens.find, "Authorization: Bearer abc.def", ["abc.def"]),
]


@pytest.mark.parametrize(("find", "text", "secrets"), TAKEN)
def test_a_strategy_takes_what_is_a_secret_and_leaves_the_rest(find: Strategy, text: str, secrets: list[str]) -> None:
    assert set(secrets) == {text[found.start : found.end] for found in find(text)}
