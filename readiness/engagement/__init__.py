"""One client: the only reader and writer of client files."""

from readiness.engagement.schema import Engagement, GivenAnswer
from readiness.engagement.store import Opened, open_engagement

__all__ = ["Engagement", "GivenAnswer", "Opened", "open_engagement"]
