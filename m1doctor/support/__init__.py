"""What helps people to help each other: reading logs, and in time bundles, comparison and history."""
