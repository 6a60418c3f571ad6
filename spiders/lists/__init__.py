"""What lists contain, and which of their links are the newest: pure functions without network and store."""
