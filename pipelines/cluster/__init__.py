"""The store's side of a cluster: keeps what workers on other machines have fetched."""
