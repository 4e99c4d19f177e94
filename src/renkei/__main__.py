"""`python -m renkei` is the command `renkei`."""

from renkei.cli import main

if __name__ == "__main__":
    main()
