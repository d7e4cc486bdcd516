"""PY012 certificates-missing: the Python does not trust the servers that it loads from."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="PY012",
    slug="certificates-missing",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no certificate that was refused.",
    page=Page(
        what=(
            "A download over HTTPS failed because this Python knows no certificate that vouches for the server: a data "
            "set of Keras, a package, weights of a model."
        ),
        why=(
            "A Python from python.org brings its own OpenSSL, which does not look into the keychain of macOS, and has "
            "no certificates until they are installed once. In the network of a company a proxy signs in the servers' "
            "place. pip then says that it finds no version of anything."
        ),
        see='Run `python -c "import ssl; print(ssl.get_default_verify_paths())"` and see whether the file is there.',
        fix=(
            "Run `Install Certificates.command` in the folder of that Python under /Applications. For another Python "
            "set SSL_CERT_FILE to what `python -m certifi` prints; behind a proxy, to its certificate. Switching the "
            "verification off hides the fault from every program, and lets anybody in between."
        ),
        sources=(
            Source(
                "Using Python on macOS: the certificates of the installer",
                "https://docs.python.org/3/using/mac.html",
                "2026-11-26",
            ),
            Source(
                "keras#14089: load_data() without certificates",
                "https://github.com/keras-team/keras/issues/14089",
                "2026-11-26",
            ),
        ),
    ),
)
