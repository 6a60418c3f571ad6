"""Which articles are exact or near-duplicates of each other, and the SQL to find and record them."""
