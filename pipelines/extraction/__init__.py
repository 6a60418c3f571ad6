"""Where the article stands in a page, and the removal of everything that is not it."""
