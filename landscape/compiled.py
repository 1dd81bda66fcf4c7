"""Compiling the kernels: one set of rules for every compiled function.

Machine code is cached on disk, so that only the first start ever compiles. Kernels release the interpreter and run
serially: `landscape.cores` spreads them over threads. NaN and infinity keep their meaning: an exploded network has to
be seen as one.

Importing this module imports numba (about a second): only modules named `kernels` import it, and they are
imported when first needed.
"""

from collections.abc import Callable
from typing import Any

import numba

# Fused multiply-adds alone: element by element the result is then the same, however the loop is carried out.
EXACT_ORDER = {"contract"}
# Sums in any order, 8 or 16 at a time. Only for loops that store nothing: a loop that also stores is compiled twice, and
# which one runs depends on where the arrays lie, so the last digit would change from run to run.
ANY_ORDER = {"contract", "reassoc", "nsz"}
# For kernels that write their own vector operations: nothing is rearranged, and dividing by zero is Python's error.
AS_WRITTEN: dict[str, Any] = {"fastmath": False, "error_model": "python"}


def compiled(signature: Any = None, **options: Any) -> Callable[[Callable], Callable]:
    """Decorate a function as a compiled kernel, cached on disk where a cache folder can be written.

    With a `signature` it is compiled (or read from disk) when its module is imported, so that no call ever waits.
    """
    settings = {"nogil": True, "fastmath": EXACT_ORDER, "error_model": "numpy", **options}
    given = () if signature is None else (signature,)

    def compile_function(function: Callable) -> Callable:
        try:
            return numba.njit(*given, cache=True, **settings)(function)
        except RuntimeError:  # numba found no folder it may write to: compile anew in each process
            return numba.njit(*given, cache=False, **settings)(function)

    return compile_function
