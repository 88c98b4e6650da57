"""What is shown and handed back: forms that know nothing of numbers, engagements or files."""

from readiness.forms.card import Card
from readiness.forms.chart import Chart
from readiness.forms.headline import HeadlinePanel
from readiness.forms.sheet import Sheet
from readiness.forms.tiers import Tiers

__all__ = ["Card", "Chart", "HeadlinePanel", "Sheet", "Tiers"]
