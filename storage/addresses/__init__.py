"""The addresses of articles: which belong to one article, and which of their parts mean nothing on a site."""
