"""Reading pictures: the words of photographs, screenshots and scanned pages, with their places."""
