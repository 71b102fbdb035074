"""Programs to meaning, one module per interpreter."""
