"""The daemon of a cluster: it grants leases to workers instead of starting processes."""
