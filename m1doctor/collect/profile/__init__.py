"""A training script, watched while it runs."""
