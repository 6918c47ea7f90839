"""What a text says: sentences, numbers, units, dates, equations. Knows no conversation."""
