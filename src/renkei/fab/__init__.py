"""What the factory is: tool groups, routes, products, orders, outages, read from a folder (docs/fab-format.md)."""

from renkei.fab.builtin import builtin_fabs, load_fab
from renkei.fab.fab import Fab
from renkei.fab.reading import read_fab
from renkei.fab.rules import check, warnings
from renkei.fab.smt2020 import import_smt2020
from renkei.fab.writing import write_fab

__all__ = ["Fab", "builtin_fabs", "check", "import_smt2020", "load_fab", "read_fab", "warnings", "write_fab"]
