"""`python -m readiness` and the command `readiness`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from readiness.cli import run

    run()


if __name__ == "__main__":
    main()
