"""What follows from the figures of a benchmark: statistics, the chip's peak, and what holds the work back."""
