"""Real programs on real input."""
