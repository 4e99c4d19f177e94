"""What the factory is: tool groups, routes, products, orders, outages, read from a folder (docs/fab-format.md)."""
