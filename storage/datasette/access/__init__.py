"""Who may read the pages, under which host names, and how much one request may use."""
