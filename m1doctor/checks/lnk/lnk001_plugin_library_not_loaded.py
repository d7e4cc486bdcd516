"""LNK001 plugin-library-not-loaded: the plugin asks for a library that this TensorFlow does not have."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import (
    applies_to_links,
    label,
    origin,
    pair_remedy,
    tensorflow_label,
    with_status,
)
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each plugin library that would find a library of its load commands nowhere."""
    for plugin in with_status(facts, LinkStatus.LIBRARY_NOT_LOADED):
        link = plugin.link
        assert link is not None  # noqa: S101 - it has a status
        yield Finding(
            level=Level.ERROR,
            message=f"{label(plugin)} cannot load beside {tensorflow_label(facts)}: it asks for "
            f"{link.missing_library}, and no library of this TensorFlow bears that name.",
            expected=f"a loaded library with the install name {link.missing_library}",
            evidence=(
                *(link.dyld_message or "").splitlines(),
                *(f"loaded by then: {library}" for library in link.against),
                origin(plugin),
            ),
            location=Location(path=plugin.path),
            remedy=pair_remedy(facts, plugin),
        )


CHECK = Check(
    id="LNK001",
    slug="plugin-library-not-loaded",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins.links_judged",),
    after=("PKG001", "PKG002", "PKG005"),
    applies=applies_to_links,
    judge=judge,
    passes="Every library that the plugin asks for is there.",
    page=Page(
        what=(
            "The plugin asks for a library of TensorFlow's by a name that none bears. "
            "A plugin library names the libraries that it needs. TensorFlow's own are found by their install name "
            "among those that `import tensorflow` has already loaded; the path that Apple's plugin carries beside the "
            "name exists only on the machine that built it. Here one name is borne by none of them. From TensorFlow "
            "2.20 on `_pywrap_tensorflow_internal.so` has another install name, so that no release of "
            "tensorflow-metal up to 1.2.0 loads there."
        ),
        why=(
            "TensorFlow loads plugins while it is being imported, and does not guard the loading: `import tensorflow` "
            "itself ends with NotFoundError, not only the GPU is missing."
        ),
        see=(
            "Run `python -c 'import tensorflow'` and compare its last lines with the evidence; or run `otool -L` on "
            "the plugin and `otool -D` on `tensorflow/python/_pywrap_tensorflow_internal.so`."
        ),
        fix=(
            "Install a pair that was built for each other; the finding names that of this Python. A symbolic link or a "
            "search path that brings the library back does not help: the C++ symbols behind the name have changed too."
        ),
        sources=(
            Source("measured on the published wheels of tensorflow-metal and TensorFlow", date="2026-11-23"),
            Source(
                "tensorflow#126254: tensorflow-metal 1.2.0 on stock TensorFlow 2.20.0",
                "https://github.com/tensorflow/tensorflow/pull/126254",
            ),
            Source("dyld-1378, dyld/Loader.cpp", "https://github.com/apple-oss-distributions/dyld"),
        ),
    ),
)
