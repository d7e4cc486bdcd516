"""The report in a bundle that came from elsewhere."""

from __future__ import annotations

from m1doctor.documents import DocumentError, from_json
from m1doctor.model.report import Report
from m1doctor.support.bundle.archive import MAGIC, unpack
from m1doctor.support.bundle.manifest import BundleError

REPORT = "report.json"
"""The member that everything can be told from again."""


def is_archive(content: bytes) -> bool:
    """Whether a file begins as zip archives do, an empty one included."""
    return content.startswith((MAGIC, b"PK\x05\x06"))


def report_of(content: bytes) -> Report:
    """The report in an archive. Raises `BundleError` or `DocumentError` for one that is not as m1doctor makes them."""
    _, members = unpack(content)
    if REPORT not in members:
        message = f"a bundle without a {REPORT}"
        raise BundleError(message)
    try:
        return from_json(members[REPORT])
    except DocumentError as error:
        message = f"its {REPORT}: {error}"
        raise BundleError(message) from error
