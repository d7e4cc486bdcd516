"""PKG012: an installer compiled and failed."""

from __future__ import annotations

import logs
from judged import judged
from m1doctor.checks.pkg.pkg012_source_build_failed import CHECK
from m1doctor.support.log.report import facts_of


def test_one_build_is_told_once_by_its_package() -> None:
    text = "Building wheel for h5py (setup.py) ... error\nERROR: Failed building wheel for h5py\nFailed to build h5py"
    (finding,) = judged(CHECK, facts_of(logs.read(text))).findings
    assert finding.message.startswith("h5py was built from source")
    assert len(finding.evidence) == 3
