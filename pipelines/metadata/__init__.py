"""Title, byline, dates and engagement of an article."""
