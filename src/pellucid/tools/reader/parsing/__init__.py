"""What happens in the process that opens a file: one parser for each kind, and what bounds it."""
