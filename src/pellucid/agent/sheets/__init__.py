"""Small tables that questions are asked about: read, computed with cell by cell, and quoted."""
