"""What happens in the process that reads web pages: from bytes to what people would see."""
