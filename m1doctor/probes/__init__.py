"""Scripts that the Python of the target runs: standard library only, Python 3.8 and later."""
