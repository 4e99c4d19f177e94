"""Speed, measured: cases × sizes × engines, each with the work that must come out; docs/speed.md explains it."""
