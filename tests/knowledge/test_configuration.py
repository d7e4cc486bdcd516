from __future__ import annotations

import re

from m1doctor.knowledge.configuration import is_telling, settings_files


def test_every_place_of_settings_says_where_it_is_written() -> None:
    assert {entry.of for entry in settings_files()} == {"pip", "conda", "uv"}
    for entry in settings_files():
        assert entry.paths
        assert all(path.startswith(("/", "~/", "$")) for path in entry.paths)
        assert entry.url.startswith("https://")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.date)


def test_a_variable_is_told_by_the_beginning_of_its_name() -> None:
    assert is_telling("TF_CPP_MIN_LOG_LEVEL")
    assert is_telling("PATH")
    assert not is_telling("PATHOLOGY")
    assert not is_telling("GITHUB_TOKEN")
