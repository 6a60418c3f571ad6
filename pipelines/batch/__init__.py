"""Two passes over many pages: what repeats over a site is known before the first article is stored."""
