"""Runs model-written Python where it can do no harm (decision 0030 draws the whole)."""
