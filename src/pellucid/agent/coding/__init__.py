"""Code to deliver: taken from replies, tried, compared, and reported on."""
