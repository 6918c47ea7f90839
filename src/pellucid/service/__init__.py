"""The one door: run a turn; and replay what a turn did."""
