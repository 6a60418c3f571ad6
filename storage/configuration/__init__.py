"""The configuration: `shopwire.toml` with environment variables over it."""
