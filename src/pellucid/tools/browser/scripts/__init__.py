"""Pages that show nothing without scripts: Chromium runs them, in a box without a network."""
