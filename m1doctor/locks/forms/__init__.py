"""A lock as text: one module a form, each with a `render`."""
