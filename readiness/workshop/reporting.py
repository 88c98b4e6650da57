"""Makes the report beside the workshop, in a process of its own, and says how far it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from readiness.errors import ReadinessError

LONGEST_SECONDS = 180.0
_SAID, _DONE, _FAILED = "said ", "done ", "failed "


def command(folder: Path, out: Path, *, as_of: date, audience: str) -> list[str]:
    """What the process is started with."""
    return [sys.executable, "-m", "readiness.workshop.reporting", str(folder), str(out), as_of.isoformat(), audience]


async def make(folder: Path, out: Path, *, as_of: date, audience: str, progress: Callable[[str], None]) -> Path:
    """Make the report and give its PDF.

    Raises
    ------
    ReadinessError
        With what went wrong in one sentence.
    """
    process = await asyncio.create_subprocess_exec(
        *command(folder, out, as_of=as_of, audience=audience), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    wrong = "the report stopped without a word"
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            async for line in process.stdout:
                words = line.decode("utf-8", "replace").rstrip("\n")
                if words.startswith(_SAID):
                    progress(words.removeprefix(_SAID))
                elif words.startswith(_DONE):
                    return Path(words.removeprefix(_DONE))
                elif words.startswith(_FAILED):
                    wrong = words.removeprefix(_FAILED)
    except TimeoutError:
        wrong = f"the report took longer than {LONGEST_SECONDS:.0f} seconds"
    finally:
        if process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), 2)
            except TimeoutError:
                process.kill()
    raise ReadinessError(wrong, hint="try: readiness report ENGAGEMENT --out FOLDER")


def main(arguments: list[str]) -> int:
    """The process: make the report, tell the progress line by line."""
    from readiness.exhibits.ahead import side_by_side
    from readiness.report.make import make_report

    def tell(kind: str, words: object) -> None:
        sys.stdout.write(kind + " ".join(str(words).split()) + "\n")
        sys.stdout.flush()

    folder, out, as_of, audience = arguments
    try:
        with side_by_side():
            made = make_report(
                Path(folder),
                Path(out),
                formats=("pdf", "html"),
                as_of=date.fromisoformat(as_of),
                audience=audience,
                progress=lambda words: tell(_SAID, words),
            )
    except ReadinessError as problem:
        tell(_FAILED, problem)
        return 2
    tell(_DONE, next(f for f in made.files if f.suffix == ".pdf"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
