"""uv as a command: where its binary is, the environment it is given, and what its failures mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from m1doctor.model.reading import Reading

NO_SOLUTION = 1
"""uv's exit status where the index answers and does not have what is asked; every other failure is 2."""
_KEPT_SETTINGS = re.compile(
    r"UV_(INDEX(_.+)?|DEFAULT_INDEX|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|KEYRING_PROVIDER|INSECURE_HOST|NATIVE_TLS"
    r"|SYSTEM_CERTS|HTTP_TIMEOUT|HTTP_RETRIES|CACHE_DIR|NO_CACHE|OFFLINE|NETRC|CONFIG_FILE|NO_CONFIG)"
)
"""Settings of the user that say where the index is and how to reach it. Others (resolution, exclusions, overrides,
interpreters) would change what the question means."""


class UvMissingError(Exception):
    """uv, which is installed with m1doctor, is not there."""


@cache
def find_uv() -> str:
    """uv's binary, installed as a requirement of m1doctor. Raises `UvMissingError`."""
    import uv  # noqa: PLC0415 - not every run writes a lock

    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise UvMissingError("uv is not installed") from error


def uv_environ(environ: Mapping[str, str], macos: str) -> dict[str, str]:
    """The environment for uv: the user's, less what would change the meaning of the question.

    `macos` is the newest macOS whose wheels may be offered; without it uv stops at 13.
    """
    kept = settings_of_index(environ)
    kept["MACOSX_DEPLOYMENT_TARGET"] = macos
    kept["NO_COLOR"] = "1"
    kept.setdefault("UV_HTTP_TIMEOUT", "15")
    kept.setdefault("UV_HTTP_RETRIES", "1")
    return kept


def settings_of_index(environ: Mapping[str, str]) -> dict[str, str]:
    """The user's environment with those settings of uv that say where the index is, and no active environment."""
    return {
        key: value
        for key, value in environ.items()
        if key not in ("VIRTUAL_ENV", "CONDA_PREFIX") and (not key.startswith("UV_") or _KEPT_SETTINGS.fullmatch(key))
    }


def failure(reading: Reading, purpose: str) -> str:
    """Say in a clause, without names of hosts or files, why uv did not answer; `purpose` is what it does here."""
    if reading.error is not None:
        return f"uv, which {purpose}, could not be started ({reading.error})"
    if reading.timed_out:
        return f"uv, which {purpose}, took longer than it may"
    if reading.signal is not None:
        return f"uv, which {purpose}, was killed by signal {reading.signal}"
    words = reading.stderr.lower()
    if "http status" in words:
        return "the package index answered with an error"
    if any(word in words for word in ("error sending request", "failed to fetch", "dns", "timed out", "network")):
        return "the package index could not be reached"
    return f"uv, which {purpose}, failed with exit status {reading.returncode}"


def without_addresses(text: str, *, lines: int = 6) -> str:
    """The first lines of uv's words, with addresses and absolute paths taken out: both may hold what is private."""
    text = re.sub(r"[a-z+]+://[^\s)'\"`]+", "<address>", text)
    text = re.sub(r"(?<![\w<])/[^\s:)'\"`]+", "<path>", text)
    return "\n".join(text.strip().splitlines()[:lines])
