"""What a watched script is told to be unknown of, in every format with its name."""

from __future__ import annotations

import watched
from m1doctor.model.unknown import Unknown
from m1doctor.render.profile import not_told


def test_what_is_unknown_of_a_script_is_named_with_the_reason() -> None:
    why = Unknown("only macOS tells it")
    script = watched.profile(unknown={"gpu_seconds": why, "thermal_pressure": why})
    assert not_told(script) == ["The GPU's time: unknown: only macOS tells it", "Heat: unknown: only macOS tells it"]
