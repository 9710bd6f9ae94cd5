"""A network from another package, as docs/adding-a-network.md tells it."""
