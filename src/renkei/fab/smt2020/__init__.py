"""Import of AutoSched text tables as SMT2020 uses them (Kopp, Hassoun, Kalir, Mönch, IEEE TSM 33(4), 2020).

One file a kind of table; `importing` joins them to a `Fab`. Nothing is passed over in silence: columns and values
without a counterpart are problems, except columns listed as carrying no meaning for the floor; what is dropped stands
in the fab's `left_out`.
"""

from renkei.fab.smt2020.importing import import_smt2020

__all__ = ["import_smt2020"]
