"""The words of m1doctor as frozen dataclasses. Imported by every other module, imports none of them."""
