"""PERF: how fast the work is, and what holds it back. A speed by itself is never an error."""
