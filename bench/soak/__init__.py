"""Run the daemon against simulated sites that fail: `python -m bench.soak`."""
