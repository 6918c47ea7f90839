"""What outlives a turn: receipts."""
