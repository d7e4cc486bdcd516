"""The secrets of people who do not exist, to fill the places of ``places.toml``."""

from __future__ import annotations

import base64
import html
import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody's secrets."""

    user: str
    full: str
    host: str
    computer: str
    serial: str = "F2LXK4PQ7N"
    uuid: str = "5C3E0F7A-91B4-5D26-8A77-0E4D9B1C6F23"
    udid: str = "00008103-000D4C2A3E90001E"
    mac: str = "a4:83:e7:2b:90:1c"
    ip: str = "192.168.178.23"
    public: str = "203.0.113.77"
    ip6: str = "2001:db8:85a3::8a2e:370:7334"
    password: str = "Tr0ub4dor&3x"  # noqa: S105 - made up
    token: str = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    hugging: str = "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"
    aws: str = "AKIA" + "Q4X7Y2K9L0M3N5P8"
    aws_key: str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYz9k2LqPd0T"
    jwt: str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
    wandb: str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
    conda: str = "jd-3f1c9a7e-55b2-4d10-a6f4-09c1d2e3f4a5"
    jupyter: str = "c8de56fa4deed24899803e93c227592aef6538f93025fe01"
    email: str = "jane.appleseed+tf@example.org"
    key: str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4ypbHqGC0H0+tG3hGbN2"
    folder: str = "zz/zyxvpxvq6csfxvn_n0000000000000"


PEOPLE = (
    Person(
        user="jappleseed", full="Jane Appleseed", host="Janes-MacBook-Pro.local", computer="Jane\u2019s MacBook Pro"
    ),
    Person(user="zoë.müller", full="Zoë Müller", host="Zoes-Mac-mini.local", computer="Zoë\u2019s Mac mini"),
    Person(user="李雷", full="李 雷", host="lilei-mbp.lan", computer="李雷のMacBook Air"),
    Person(user="al", full="Al Bo", host="MacBook-Pro-von-Al.local", computer="MacBook Pro von Albert"),
    Person(user="max", full="Max Maximilian", host="tower-7.local", computer="Max's iMac"),
)

_TEXTS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
PLACES = _TEXTS["places"]
"""Text by the place that it is shown in."""
PLAIN = _TEXTS["plain"]
"""Text without secrets, of the kinds that resemble them."""


def values(person: Person) -> dict[str, str]:
    """What fills the gaps: each secret, and the ways in which places write it."""
    own = {name: getattr(person, name) for name in Person.__dataclass_fields__}
    digits = person.mac.replace(":", "")
    return own | {
        "user_url": quote(person.user, safe=""),
        "password_url": quote(person.password, safe=""),
        "user_json": json.dumps(person.user)[1:-1],
        "user_html": html.escape(person.user),
        "user_nfd": unicodedata.normalize("NFD", person.user),
        "serial_hex": person.serial.encode().hex(),
        "mac_hex": digits,
        "mac_base64": base64.b64encode(bytes.fromhex(digits)).decode(),
        "basic": base64.b64encode(f"{person.user}:{person.password}".encode()).decode(),
        "cookie": f"session={person.wandb}; _xsrf=2|{person.jupyter}",
        "token_broken": f"{person.token[:17]}\n{person.token[17:]}",
    }


def fill(template: str, person: Person) -> tuple[str, list[str]]:
    """The text of a place, and the secrets that stand in it."""
    own = values(person)
    names = [name for name in GAP.findall(template) if name in own]
    return GAP.sub(lambda gap: own.get(gap[1], gap[0]), template), [own[name] for name in names]


def fixed_parts(template: str) -> list[str]:
    """What stands between the gaps."""
    names = values(PEOPLE[0])
    return re.split("|".join(rf"\{{{name}\}}" for name in names), template)


def survivors(text: str, secrets: list[str]) -> list[str]:
    """The secrets that can still be read in `text`: whole, or without their line breaks."""
    flat = text.replace("\n", "").casefold()
    return [secret for secret in secrets if _stands_in(secret, text, flat)]


def _stands_in(secret: str, text: str, flat: str) -> bool:
    if len(secret) < 4:
        return re.search(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])", text) is not None
    return secret.casefold() in text.casefold() or secret.replace("\n", "").casefold() in flat
