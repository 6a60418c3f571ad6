"""What reads a list of each kind: plain values that a worker process can take, without network and store."""
