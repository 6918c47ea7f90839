"""Reading documents: pages and passages, what of them is about a question, and where it stands."""
