"""The sheets Months, Options and Option months: cost of ownership and break-even as live formulas."""

from __future__ import annotations

import math

from readiness.language import N_, Words, tr
from readiness.report.whole import Option, Side, Whole
from readiness.report.xlsx_inputs import Names, cell_name
from readiness.report.xlsx_page import Cell, Formula, Head, Input, Sheet, column_letters

NEVER = N_("never")
_RUN_BY = Words({"client": N_("you"), "provider": N_("provider")})


def _rate(whole: Whole) -> float:
    return next(n.value.mean for n in whole.numbers if n.name == "loaded_rate_per_hour")


def _discount(whole: Whole, month: int) -> float:
    yearly = next(n.value.mean for n in whole.numbers if n.name == "discount_rate_per_year")
    return float((1 + yearly) ** (-month / 12))


def _mean(whole: Whole, number: str) -> float:
    return next(n.value.mean for n in whole.numbers if n.name == number)


def write_months(sheet: Sheet, whole: Whole, names: Names) -> None:
    """Cost of today's design by month: each tier's price times a frozen shape, hours at the rate, expected loss."""
    tiers = [t for t in whole.months.tiers if any(t.shape) and cell_name(t.number) in names]
    months = len(whole.months.hours)
    fixed = (N_("Other cash"), N_("Credits used and commitments ended, frozen"), N_("Cash paid"), N_("Hours, frozen"), N_("Hours at rate, frozen"), N_("Cost of hours"), N_("Expected loss"), N_("Economic cost"), N_("Present value"))
    heads = [Head(tr("Month"), "count", 9), *(Head(tr("Cash: {tier}", tier=t.tier), "number", 13) for t in tiers), *(Head(tr(label), "number", 13) for label in fixed),
             *(Head(tr("Shape, frozen: {of}", of=t), "factor", 12) for t in (*(t.tier for t in tiers), tr("expected loss")))]  # fmt: skip
    n, first = len(tiers), sheet.row + 1
    column = {label: column_letters(1 + n + k) for k, label in enumerate(fixed)}
    rate, rows = _rate(whole), []
    for month in range(months):
        line = first + month + 1
        cash = [_mean(whole, t.number) * t.shape[month] for t in tiers]
        paid = sum(cash) + whole.months.other_cash_per_month - whole.months.credits_used[month]
        worked = whole.months.hours_at_rate[month] * rate
        lost = whole.months.loss_per_month * whole.months.loss_shape[month]
        economic = paid + worked + lost
        last_tier = column_letters(n)
        of_tiers = f"SUM(B{line}:{last_tier}{line})" if n else "0"
        live: list[Cell] = [
            Formula("=cash_per_year/12-bill", whole.months.other_cash_per_month), whole.months.credits_used[month],
            Formula(f"={of_tiers}+{column['Other cash']}{line}-{column['Credits used and commitments ended, frozen']}{line}", paid),
            whole.months.hours[month], whole.months.hours_at_rate[month],
            Formula(f"={column['Hours at rate, frozen']}{line}*loaded_rate_per_hour", worked), Formula(f"=loss_per_year/12*{column_letters(1 + n + len(fixed) + n)}{line}", lost),
            Formula(f"={column['Cash paid']}{line}+{column['Cost of hours']}{line}+{column['Expected loss']}{line}", economic),
            Formula(f"={column['Economic cost']}{line}*(1+discount_rate_per_year)^(-A{line}/12)", economic * _discount(whole, month)),
        ]  # fmt: skip
        shapes = [column_letters(1 + n + len(fixed) + k) for k in range(n)]
        rows.append([month, *(Formula(f"={cell_name(t.number)}*{letter}{line}", value) for t, letter, value in zip(tiers, shapes, cash, strict=True)),
                     *live, *(t.shape[month] for t in tiers), whole.months.loss_shape[month]])  # fmt: skip
    assert sheet.table(heads, rows, freeze=True) == first
    last = first + months
    paid_all, worked_all, present = (math.fsum(_value(row[1 + n + fixed.index(k)]) for row in rows) for k in ("Cash paid", "Cost of hours", "Present value"))
    sheet.write(sheet.row, 0, tr("Sum"), "text", bold=True)
    for label, value, name in (("Cash paid", paid_all, "tco_cash"), ("Cost of hours", worked_all, "tco_hours_worth"), ("Present value", present, "tco_present_value")):
        place = 1 + n + fixed.index(label)
        sheet.write(sheet.row, place, Formula(f"=SUM({column[label]}{first + 1}:{column[label]}{last})", value), "money", bold=True)
        names.put(name, sheet.at(sheet.row, place))
    sheet.row += 1


def _value(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell, Formula) else float(cell)  # type: ignore[arg-type]


def _flows(whole: Whole, option: Option, side: Side, *, of_other: bool) -> list[float]:
    """What a side costs by month as assessed, not discounted."""
    rate = _rate(whole)
    flows = [side.price_per_month * s + f + h * rate + x for s, f, h, x in zip(side.cash_shape, side.fixed_cash, side.hours_at_rate, side.loss, strict=True)]
    if of_other:
        flows[0] += option.upfront_months_of_today * option.today.price_per_month
    return flows


def _present(whole: Whole, flows: list[float]) -> list[float]:
    return [flow * _discount(whole, month) for month, flow in enumerate(flows)]


def write_options(sheet: Sheet, months: Sheet, whole: Whole, names: Names) -> None:
    """Each option against today: cost of ownership of both, the difference, and the month from which on it pays."""
    heads = (Head(tr("Option"), width=46), Head(tr("Instead of"), width=22), Head(tr("Run by"), width=10), Head(tr("Cash a month today"), "money", 13),
             Head(tr("Cash a month then"), "money", 13), Head(tr("Double running, months"), "factor", 11), Head(tr("Moving, hours"), "number", 10),
             Head(tr("Hours a month today, frozen"), "number", 12), Head(tr("Hours a month then, frozen"), "number", 12), Head(tr("Cost of today"), "money", 14),
             Head(tr("Cost of the option"), "money", 14), Head(tr("Difference"), "money", 14), Head(tr("Low, frozen"), "money", 13), Head(tr("High, frozen"), "money", 13),
             Head(tr("Pays from month"), "formula_text", 10), Head(tr("Chance cheaper in cash, frozen"), "share", 12), Head(tr("Chance cheaper in all, frozen"), "share", 12),
             Head(tr("Difference as assessed"), "money", 14))  # fmt: skip
    flow_heads = (Head(tr("Option"), width=40), Head(tr("Month"), "count", 8), Head(tr("Discount"), "factor", 10), Head(tr("Shape today"), "factor", 10), Head(tr("Shape then"), "factor", 10),
                  Head(tr("Other cash today"), "number", 12), Head(tr("Other cash then"), "number", 12), Head(tr("Hours at rate today"), "number", 12),
                  Head(tr("Hours at rate then"), "number", 12), Head(tr("Loss today"), "number", 12), Head(tr("Loss then"), "number", 12), Head(tr("Cost today"), "number", 13),
                  Head(tr("Cost then"), "number", 13), Head(tr("Sum of differences"), "number", 14), Head(tr("Pays"), "count", 7))  # fmt: skip
    first, first_flow = sheet.row + 1, months.row + 1
    rows: list[tuple[Cell, ...]] = []
    flows: list[tuple[Cell, ...]] = []
    for number, o in enumerate(whole.options):
        line, begin = first + number + 1, first_flow + len(flows) + 1
        count = len(o.today.loss)
        end = begin + count - 1
        flows += _option_flows(whole, sheet, o, line, begin, end)
        today, other = (_present(whole, _flows(whole, o, side, of_other=side is o.other)) for side in (o.today, o.other))
        area = lambda letter, a=begin, b=end: f"'{months.name}'!${letter}${a}:${letter}${b}"  # noqa: E731
        pays = f"=IF(SUM({area('O')})=0,\"{tr(NEVER)}\",{count}-SUM({area('O')}))"
        month: float | str = tr(NEVER) if o.break_even_month is None else o.break_even_month
        rows.append((o.title, ", ".join(o.tiers), _RUN_BY[o.run_by], _price_today(whole, o, names),
                     Input(o.other.price_per_month), o.upfront_months_of_today, o.moving_hours, o.hours_today, o.hours_other,
                     Formula(f"=SUM({area('L')})", math.fsum(today)), Formula(f"=SUM({area('M')})", math.fsum(other)),
                     Formula(f"=K{line}-J{line}", o.difference.mean), o.difference.low, o.difference.high, Formula(pays, month),
                     o.chance_cheaper_cash, o.chance_cheaper_economic, o.difference.mean))  # fmt: skip
    assert sheet.table(heads, rows, freeze=True) == first
    assert months.table(flow_heads, flows, freeze=True) == first_flow


def _price_today(whole: Whole, o: Option, names: Names) -> Cell:
    """Today's cash of the tiers concerned: the sum of their prices, or a cell of its own where that is something else."""
    numbers = [f"{tier}.cash_per_month" for tier in o.tiers if cell_name(f"{tier}.cash_per_month") in names]
    mean = math.fsum(_mean(whole, n) for n in numbers)
    if numbers and math.isclose(mean, o.today.price_per_month, rel_tol=1e-9):
        return Formula("=" + "+".join(cell_name(n) for n in numbers), o.today.price_per_month)
    return Input(o.today.price_per_month)


def _option_flows(whole: Whole, sheet: Sheet, o: Option, line: int, begin: int, end: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    price_today, price_then = f"'{sheet.name}'!$D${line}", f"'{sheet.name}'!$E${line}"
    today, other = _flows(whole, o, o.today, of_other=False), _flows(whole, o, o.other, of_other=True)
    sums: list[float] = []
    for month, (a, b) in enumerate(zip(today, other, strict=True)):
        sums.append((sums[-1] if sums else 0.0) + (b - a) * _discount(whole, month))
    for month in range(len(today)):
        at, discount = begin + month, _discount(whole, month)
        upfront = f"+'{sheet.name}'!$F${line}*{price_today}" if month == 0 else ""
        before = f"N{at - 1}+" if month else ""
        pays = all(s < 0 for s in sums[month:])
        rows.append((
            o.title, month, Formula(f"=(1+discount_rate_per_year)^(-B{at}/12)", discount), o.today.cash_shape[month], o.other.cash_shape[month],
            o.today.fixed_cash[month], o.other.fixed_cash[month], o.today.hours_at_rate[month], o.other.hours_at_rate[month], o.today.loss[month], o.other.loss[month],
            Formula(f"=C{at}*({price_today}*D{at}+F{at}+loaded_rate_per_hour*H{at}+J{at})", discount * today[month]),
            Formula(f"=C{at}*({price_then}*E{at}+G{at}+loaded_rate_per_hour*I{at}+K{at}{upfront})", discount * other[month]),
            Formula(f"={before}M{at}-L{at}", sums[month]),
            Formula(f"=IF(N{at}<0,{1 if at == end else f'O{at + 1}'},0)", float(pays)),
        ))  # fmt: skip
    return rows
