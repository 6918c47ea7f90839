"""Charts: axes, legend and series, read off the pixels of a picture and the words in it."""
