"""LNK: whether the plugin library and TensorFlow fit each other."""
