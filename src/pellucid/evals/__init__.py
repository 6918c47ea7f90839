"""Measurement: sets of questions, graders, the run over them, and an audit of what came back."""
