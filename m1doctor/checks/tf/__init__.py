"""TF: what TensorFlow does when it runs."""
