"""`m1doctor ops`: what a model is made of, and which of it has a kernel on the GPU."""
