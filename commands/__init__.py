"""The `shopwire` command, one file a subcommand."""
