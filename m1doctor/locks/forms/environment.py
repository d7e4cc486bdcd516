"""`environment.yml`: Python from conda, everything else by pip from the hashed `requirements.txt` beside it.

conda's packages of TensorFlow for macOS are for the CPU alone. conda hands the `pip` lines to pip in a file beside this
one, so a relative path is found; and one line without a hash beside hashed ones would make pip refuse them all.
"""

from __future__ import annotations

from m1doctor.knowledge.lock_rules import tensorflow_of
from m1doctor.knowledge.pairings import load
from m1doctor.locks.form import Form
from m1doctor.locks.forms.heading import for_one_run_of_pip, heading
from m1doctor.locks.lock import Lock, pins_of

NAME = Form.ENVIRONMENT.usual_name


def render(lock: Lock, requirements: str = Form.REQUIREMENTS.usual_name) -> str:
    """The text of the file; `requirements` is the name of the file of requirements beside it.

    Raises `NotInThisFormError` where one run of pip could not install it.
    """
    for_one_run_of_pip(lock)
    minor = ".".join((lock.target.python or "").split(".")[:2])
    lines = heading(lock, f"conda env create --file {NAME}")
    lines += [
        f"name: {_name(lock)}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={minor}.*",
        "  - pip",
        "  - pip:",
        *([] if lock.unhashed else ["      - --require-hashes"]),
        f"      - -r {requirements}",
    ]
    return "\n".join(lines) + "\n"


def _name(lock: Lock) -> str:
    """What conda calls the environment where no other name and no folder is given to it; it refuses to go without."""
    pins = pins_of(lock.packages)
    tensorflow, plugin = tensorflow_of(pins), pins.get(load().apple_distribution)
    if tensorflow is None:
        return "pinned"
    return f"tensorflow-{tensorflow}" + (f"-metal-{plugin}" if plugin else "")
