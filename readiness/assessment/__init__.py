"""The one place where models are put together."""

from readiness.assessment.assess import Assessment, Figure, assess

__all__ = ["Assessment", "Figure", "assess"]
