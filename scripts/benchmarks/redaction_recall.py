"""How many secrets the redaction finds in the places where a Mac shows them, and how much else it touches.

    python scripts/benchmarks/redaction_recall.py [--people 200] [--seed 1]

Fills every place of `tests/support/redact/places.toml` with the secrets of people who are made up anew, each text by
itself, without anything known beforehand. Prints what survived and which plain text was changed.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

from m1doctor.support.redact.redactor import Redactor  # noqa: E402 - the path to the checkout comes first
from support.redact import places  # noqa: E402

FIRST = (
    "jane",
    "zoë",
    "li",
    "søren",
    "maría",
    "john",
    "aleksander",
    "björk",
    "o",
    "max",
    "nguyễn",
    "anna-lena",
    "小林",
)
LAST = ("appleseed", "müller", "lei", "kierkegaard", "garcía", "doe", "x", "guðmundsdóttir", "văn", "smith", "優子")
MODELS = ("MacBook-Pro", "MacBook-Air", "Mac-mini", "iMac", "Mac-Studio", "MBP")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 - made-up secrets, to be found again
    secrets = characters = touched = texts = 0
    left: Counter[str] = Counter()
    start = time.perf_counter()
    for _ in range(options.people):
        person = somebody(dice)
        for place, template in places.PLACES.items():
            text, held = places.fill(template, person)
            redacted = Redactor().redact(text)
            secrets += len(held)
            texts += 1
            characters += len(text)
            left.update(place for _ in places.survivors(redacted, held))
            touched += not keeps(redacted, places.fixed_parts(template))
    seconds = time.perf_counter() - start
    survived = sum(left.values())
    print(f"recall     {(secrets - survived) / secrets:.5f}: {survived} of {secrets} secrets survived in {texts} texts")
    for place, count in left.most_common():
        print(f"           {count:6} in {place}")
    changed = [name for name, text in places.PLAIN.items() if Redactor().redact(text) != text]
    print(
        f"kept       {touched} of {texts} texts lost something else; of {len(places.PLAIN)} plain texts {len(changed)}"
    )
    print(f"speed      {characters / seconds / 1e3:.0f} kB/s")


def somebody(dice: random.Random) -> places.Person:
    """A person with secrets of the usual forms."""
    first, last = dice.choice(FIRST), dice.choice(LAST)
    model = dice.choice(MODELS)

    def text(alphabet: str, length: int) -> str:
        return "".join(dice.choices(alphabet, k=length))

    letters, hexadecimal = string.ascii_letters + string.digits, "0123456789abcdef"
    return replace(
        places.PEOPLE[0],
        user=dice.choice((first, f"{first}.{last}", f"{first[0]}{last}", f"{first}{dice.randint(1, 99)}")),
        full=f"{first.title()} {last.title()}",
        host=dice.choice(
            (f"{text(string.ascii_lowercase, 6)}s-{model}.local", f"{text(string.ascii_lowercase, 5)}-7.lan")
        ),
        computer=f"{first.title()}\u2019s {model.replace('-', ' ')}",
        serial=dice.choice(("C02", "FVF", "X")) + text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 7) + "7X",
        uuid="-".join(text(hexadecimal.upper(), n) for n in (8, 4, 4, 4, 12)),
        udid=f"0000{text(hexadecimal.upper(), 4)}-{text(hexadecimal.upper(), 16)}",
        mac=":".join(text(hexadecimal, 2) for _ in range(6)),
        ip=f"192.168.{dice.randint(0, 255)}.{dice.randint(1, 254)}",
        public=f"{dice.randint(20, 120)}.{dice.randint(0, 255)}.{dice.randint(0, 255)}.{dice.randint(1, 254)}",
        ip6=f"2a02:{text('123456789abcdef', 4)}::{text('123456789abcdef', 4)}:{text('123456789abcdef', 4)}",
        password=text(letters + "!$%&*()-_=+.,", 12).strip("$%({*"),
        token=f"ghp_{text(letters, 36)}",
        hugging=f"hf_{text(string.ascii_letters, 34)}",
        aws=f"AKIA{text(string.ascii_uppercase + string.digits, 16)}",
        aws_key=text(letters + "/+", 40),
        wandb=text(hexadecimal, 40),
        conda=f"{text(string.ascii_lowercase, 2)}-{text(hexadecimal, 36)}",
        jupyter=text(hexadecimal, 48),
        email=f"{text(string.ascii_lowercase, 7)}.{text(letters, 4)}@{text(string.ascii_lowercase, 6)}.org",
        key=f"{text(letters + '+/', 64)}\n{text(letters + '+/', 40)}==",
        folder=f"{text(string.ascii_lowercase, 2)}/{text(letters, 22)}0000gn",
    )


def keeps(redacted: str, parts: list[str]) -> bool:
    """Whether all that is no secret is still there, in its order."""
    position = 0
    for part in parts:
        found = redacted.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return True


if __name__ == "__main__":
    main()
