"""Requests and replies as OpenAI writes them: pure functions, no connection, no clock."""
