"""What goes wrong on the web, served on loopback for the tests."""
