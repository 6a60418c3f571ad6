"""Other ways to read the pages that `bench/throughput.py` crawls."""
