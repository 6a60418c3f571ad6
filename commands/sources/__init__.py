"""`shopwire source`, one file a subcommand."""
