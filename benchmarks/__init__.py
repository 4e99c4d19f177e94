"""Speed, measured: cases of several sizes, each with the work it must do."""
