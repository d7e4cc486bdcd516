"""Report to text: one module a format."""
