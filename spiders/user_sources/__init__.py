"""A user's own sources: tables of attributes in `sources.toml`, without Python."""
