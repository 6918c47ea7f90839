"""Every claim of an answer, bound to what supports it; what is contradicted, corrected."""
