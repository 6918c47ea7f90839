"""HTTP: the OpenAI API over the one door."""
