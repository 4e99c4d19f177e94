"""`python -m renkei` is the command `renkei`."""

from renkei.cli import main

main()
