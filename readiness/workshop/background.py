"""What goes on beside the answers: following the disk, and ranking what to ask next, without keeping anybody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from readiness.assessment import Assessment
from readiness.workshop.room import Order, file_order

PULSE_SECONDS = 2.0


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The kernel's loop; None in a plain script or a test."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Ranking:
    """What to ask next; stale while a better order is being worked out.

    Parameters
    ----------
    order
        From an assessment to practices, the most worthwhile first.
    changed
        Called when a new order is there.
    """

    def __init__(self, order: Order, changed: Callable[[], None]) -> None:
        self._order, self._changed = order, changed
        self.practices: Sequence[str] = ()
        self.stale = False
        self._wanted: Assessment | None = None
        self._busy = False

    def follow(self, a: Assessment) -> None:
        """Rank anew for an assessment: at once where that costs nothing, else in the background."""
        loop = running_loop()
        if not self.practices:
            self.practices = file_order(a)
        if self._order is file_order or loop is None:
            self.practices, self.stale = list(self._order(a)), False
            return
        self._wanted, self.stale = a, True
        if not self._busy:
            self._busy = True
            self._task = loop.create_task(self._work(loop))

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while self._wanted is not None:
                a, self._wanted = self._wanted, None
                found = await loop.run_in_executor(None, self._order, a)
                if self._wanted is None:
                    self.practices, self.stale = list(found), False
                    self._changed()
        except Exception:
            self.stale = False  # the order before stays; asking goes on
        finally:
            self._busy = False


def pulse(work: Callable[[], object], *, seconds: float = PULSE_SECONDS) -> asyncio.Task[None] | None:
    """Do something now and then while the kernel lives; nothing where there is no loop."""
    loop = running_loop()
    if loop is None:
        return None

    async def beat() -> None:
        while True:
            await asyncio.sleep(seconds)
            work()

    return loop.create_task(beat())
