"""`python -m readiness` and the command `readiness`."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line; matrices in one thread, since they are small and sums then always add up in the same order."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from readiness.cli import run

    run()


if __name__ == "__main__":
    main()
