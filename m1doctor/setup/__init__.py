"""Building and repairing environments: plan, ask, back up, do, check again, keep or restore; and undo."""
