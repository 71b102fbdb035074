"""One module for each third-party system, and for what only some users need."""
