"""m1doctor: a reproducible environment doctor and installer for TensorFlow on Apple silicon."""

__version__ = "0.1.0"
