"""The parts of `scripts/refresh_knowledge.py`."""
