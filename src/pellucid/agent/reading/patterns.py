"""Regular expressions of word lists, as the rules about questions write them."""


def one_of(words: str) -> str:
    """A pattern of these words; a low line stands for a space."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"
