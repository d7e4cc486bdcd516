"""What starves the GPU in training scripts, told from their source alone. Nothing of it is ever run."""
