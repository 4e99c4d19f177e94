"""Lowering: names become indices, tables become arrays; a `Fab` becomes a floor `Plan` and a fresh `State`."""
