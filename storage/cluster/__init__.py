"""What goes between the machines of a cluster: messages, leases, and what a worker must know of a source."""
