from __future__ import annotations

import json

from lint_answers import IN_A_NOTEBOOK, ONE, an_answer
from m1doctor.render.lint.document import as_json


def test_the_document_has_everything_under_one_name() -> None:
    document = json.loads(as_json(an_answer(ONE, IN_A_NOTEBOOK)))
    assert document["schema_version"] == 1
    assert (document["files"], document["lines"], document["silenced"], document["hints"]) == (3, 1234, 1, False)
    assert document["versions"]["tensorflow"] == "2.18.1"
    first, second = document["findings"]
    assert (first["id"], first["level"], first["line"], first["column"], first["cell"]) == (
        "LOAD212",
        "error",
        3,
        5,
        None,
    )
    assert (first["only_if"], first["fixable"]) == ("Keras is 3", True)
    assert (second["cell"], second["fixable"]) == (7, False)
    assert document["passed_over"] == [{"path": "bad,file.py", "reason": "no source text:\na NUL"}]
