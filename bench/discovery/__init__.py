"""Sites of many systems on loopback, and how well their feeds, sitemaps and lists are found."""
