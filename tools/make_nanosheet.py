"""Write the built-in fab `nanosheet-2nm` and print its plan.

    python tools/make_nanosheet.py [--out DIR]

Without `--out` the folder in the package is rewritten. Same code, same files, to the byte.
"""

from __future__ import annotations

from nanosheet.printing import main
from nanosheet.two_nanometre import LINE

if __name__ == "__main__":
    main([LINE], __doc__ or "")
