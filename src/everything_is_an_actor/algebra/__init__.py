"""The programs: pure data."""
