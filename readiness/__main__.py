"""`python -m readiness` and the command `readiness`."""

from __future__ import annotations

import gc
import os


def main() -> None:
    """Run the command line; matrices in one thread, since they are small and sums then always add up in the same order."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # What a command makes it keeps: looking for garbage every 700 objects took a twelfth of a report's time and found none.
    gc.set_threshold(50_000, 20, 20)
    from readiness.cli import run

    run()


if __name__ == "__main__":
    main()
