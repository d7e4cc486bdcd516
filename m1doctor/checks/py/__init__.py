"""PY: the interpreter of the target."""
