"""Full-text search that finds Chinese words of any length."""
