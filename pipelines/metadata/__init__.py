"""Title, author, origin, dates and counts of an article."""
