"""The door into a script that is watched from within: first on its PYTHONPATH, so that Python imports it at the start.

It takes itself away again before the script begins: the variables, the search path and the user's own `sitecustomize`
are as they would have been, for the script and for every process that it starts. Standard library only, Python 3.8 or
later; a failure here is told on the report and never to the script.
"""

import os
import sys


def _enter() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    report = os.environ.pop("M1DOCTOR_INSIDE", None)
    before = os.environ.pop("M1DOCTOR_INSIDE_PYTHONPATH", None)
    if before is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = before
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    if report is not None:
        from importlib.machinery import SourceFileLoader

        path = os.path.join(folder, "observer.py")
        observer = type(sys)("m1doctor_observer")
        observer.__file__ = path
        SourceFileLoader(observer.__name__, path).exec_module(observer)
        observer.observe(report)


def _make_way() -> None:
    """Import the `sitecustomize` that this one stands before, where there is one."""
    own = sys.modules.pop("sitecustomize")
    try:
        __import__("sitecustomize")
    except ImportError as error:
        if getattr(error, "name", None) != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = own


try:
    _enter()
except Exception as error:  # noqa: BLE001 - the script runs, whatever becomes of the watching
    sys.stderr.write("m1doctor: the script is not observed from within: %r\n" % (error,))
_make_way()
