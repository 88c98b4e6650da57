"""Sliders over all designs, and a design by hand: budget, hours, promise and the loss of an hour move the answers while one talks."""

from __future__ import annotations

from typing import Any

from readiness.exhibits.frontier_chart import Considered, Wish, tried

PROMISES = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)


def sliders(found: Considered, *, interactive: bool) -> Any:
    """The chart with its sliders and answers; None when the notebook runs by itself.

    Parameters
    ----------
    found
        From `readiness.exhibits.frontier.considered`.
    interactive
        Whether a person sits in front of it.
    """
    if not interactive:
        return None
    import ipywidgets as widgets

    from readiness.figures.night import night
    from readiness.forms import Chart, Sheet
    from readiness.text import promise

    limits, main = found.answers.limits, found.space.a.main.journey.promise.slo
    wide, currency = {"description_width": "13em"}, found.space.a.engagement.client.currency
    most = max(1.5 * limits.budget, 2 * float(found.answers.today.sums.cash), float(found.space.front.cost.max()))
    hours_most = max(limits.hours, float(found.space.front.hours.max()) if found.space.front.hours is not None else 0.0)
    money, whole = {"style": wide, "readout_format": ",.0f"}, {"style": wide, "readout_format": ".0f"}
    step = max(1.0, round(most / 200))
    budget = widgets.FloatSlider(value=limits.budget, min=0, max=most, step=step, description=f"Budget, {currency} a month", **money)
    hours = widgets.FloatSlider(value=limits.hours, min=0, max=hours_most, step=1, description="Team hours a month", **whole)
    promises = [(promise(p), p) for p in sorted({*PROMISES, main})]
    slo = widgets.SelectionSlider(value=main, options=promises, description="Promise", style=wide)
    hourly = max(limits.loss_per_minute * 60, 1.0)
    loss = widgets.FloatLogSlider(value=hourly, base=10, min=0, max=6, step=0.05, description=f"Loss, {currency} an hour down", **money)
    for slider in (budget, hours, slo, loss):
        slider.layout.width = "auto"
    by_hand = _tiers(found, widgets, wide)
    regions = widgets.Checkbox(value=False, description="A second region on standby", indent=True, style=wide, disabled=not any(b.second for b in found.space.branches))
    regions.layout.width = "auto"
    figure, words = tried(found, Wish(limits.budget, limits.hours, main, limits.loss_per_minute))
    chart, said = Chart(figure, night=night()), Sheet(rows=list(words))

    def follow(_: Any) -> None:
        ways = {t: box.value for t, box in by_hand.items()}
        figure, words = tried(found, Wish(budget.value, hours.value, slo.value, loss.value / 60, ways, regions.value))
        chart.draw(figure)
        said.rows = list(words)

    for slider in (budget, hours, slo, loss, *by_hand.values(), regions):
        slider.observe(follow, names="value")
    # Beside each other where there is room: sliders, chart and answers are seen at once.
    beside = widgets.Layout(grid_template_columns="repeat(auto-fit, minmax(36em, 1fr))", grid_gap="0 2em")
    four = widgets.GridBox([budget, slo, hours, loss], layout=beside)
    own = widgets.Accordion([widgets.GridBox([*by_hand.values(), regions], layout=beside)], titles=("A design by hand",))
    box = widgets.VBox([four, chart, said, own])
    box.add_class("rdn-frontier")
    return box


def _tiers(found: Considered, widgets: Any, style: dict[str, str]) -> dict[str, Any]:
    """A choice for each tier that could be run in several ways, at today's."""
    choices, today, made = found.space.choices, found.space.today.ways, {}
    for tier in choices.varied:
        ways = {o.way.id: o.way.title for o in (*choices.single[tier], *(b for b in choices.bundles if tier in b.tiers))}
        made[tier] = widgets.Dropdown(value=today[tier], options=[(title, way) for way, title in ways.items()], description=tier, style=style)
        made[tier].layout.width = "auto"
    return made
