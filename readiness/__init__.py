"""Scores production readiness and joins every answer to availability and money.

>>> import readiness
>>> "assess" in readiness.__all__
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
_HOME = {
    "Assessment": "readiness.assessment",
    "Engagement": "readiness.engagement",
    "Catalog": "readiness.catalog",
    "ReadinessError": "readiness.errors",
    "Quantity": "readiness.assumptions",
    "assess": "readiness.assessment",
    "load_catalog": "readiness.catalog",
    "open_engagement": "readiness.engagement",
    "make_report": "readiness.report.make",
    "session": "readiness.report.session",
}
__all__ = ["Assessment", "Catalog", "Engagement", "Quantity", "ReadinessError", "__version__", "assess", "load_catalog", "make_report", "open_engagement", "session"]

if TYPE_CHECKING:
    from readiness.assessment import Assessment, assess
    from readiness.assumptions import Quantity
    from readiness.catalog import Catalog, load_catalog
    from readiness.engagement import Engagement, open_engagement
    from readiness.errors import ReadinessError
    from readiness.report.make import make_report
    from readiness.report.session import session


def __getattr__(name: str) -> Any:
    """Fetch an exported name when it is first used, so that importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'readiness' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
