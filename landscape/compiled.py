"""Compiling the kernels: one set of rules for every compiled function.

Machine code is cached on disk, so that only the first start ever compiles. Kernels release the interpreter and run
serially: `landscape.cores` spreads them over threads. NaN and infinity keep their meaning: an exploded network has to
be seen as one.

Importing this module imports numba (about a second): only modules named `kernels` import it, and they are
imported when first needed.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
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
        # Numba keeps machine code under the function's name, and renews it when the function's own file changes. What the
        # kernels are made from lies in other files as well: with a digest of all of them in the name, no old code is found.
        function.__qualname__ = f"{function.__qualname__}_{_digest(Path(function.__code__.co_filename).parent)}"
        try:
            return numba.njit(*given, cache=True, **settings)(function)
        except Exception:  # no folder to write to, a full disk, a damaged file: compile anew in each process
            return numba.njit(*given, cache=False, **settings)(function)

    return compile_function


@cache
def _digest(folder: Path) -> str:
    """What stands in the files that a folder's kernels are made from, in 12 letters; the same for a bundle without files."""
    contents = hashlib.sha256()
    for path in (Path(__file__), Path(__file__).with_name("simd.py"), *sorted(folder.glob("*kernels.py"))):
        if path.exists():
            contents.update(path.read_bytes())
    return contents.hexdigest()[:12]
