"""Write the built-in fabs of earlier nodes, `finfet-5nm` and `planar-28nm`, and print their plans.

    python tools/make_logic.py [NAME] [--out DIR]

Without a name both are written; without `--out` into the package. Same code, same files, to the byte.
"""

from __future__ import annotations

from nanosheet import finfet, planar
from nanosheet.printing import main

if __name__ == "__main__":
    main([finfet.LINE, planar.LINE], __doc__ or "")
