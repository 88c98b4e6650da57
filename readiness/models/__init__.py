"""Pure sums: numpy and scipy only. Draws are the leading axis; *un*availability is carried, never availability."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

__all__ = ["Array", "ArrayLike"]
