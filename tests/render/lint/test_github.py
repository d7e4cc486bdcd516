from __future__ import annotations

from lint_answers import HINT, IN_A_NOTEBOOK, ONE, an_answer
from m1doctor.render.lint.github import as_github


def test_each_finding_is_one_command() -> None:
    lines = as_github(an_answer(ONE, IN_A_NOTEBOOK, HINT)).splitlines()
    assert [line.partition("::`")[0] for line in lines[:1]] == [
        "::error file=my code/train.py,line=3,col=5,endLine=3,endColumn=14,title=LOAD212 fit-takes-no-workers"
    ]
    assert lines[0].endswith("::`workers`: 100%25 wrong, and it raises. (If Keras is 3.)")
    assert lines[1].startswith("::warning file=a.ipynb,title=LOAD212 fit-takes-no-workers::cell 7, line 3: `workers`")
    assert lines[2].startswith("::notice file=b.py,line=3,col=5,endLine=5,title=LOAD212")
    assert lines[3:] == ["::notice file=bad%2Cfile.py::passed over: no source text:%0Aa NUL"]
