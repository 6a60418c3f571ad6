"""The daemon on a newsroom that breaks: `python -m bench.soak`."""
