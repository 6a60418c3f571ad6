"""What reads lists of each kind."""
