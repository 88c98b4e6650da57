"""Whether the verdict and the leading causes are findings, or chance; and what to verify when that cannot be told."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.stability import stable_verdict
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, points, text
from readiness.language import joined, tr, trn
from readiness.text import Ledger


@maybe_ahead
def steadiness(a: Assessment) -> Chapter:
    """One sentence when all is steady; else what cannot be told, and the three answers to verify."""
    found = stable_verdict(a)
    times, ledger = len(found.outcomes), Ledger(a.engagement.client.currency)
    if found.holds:
        anew = ledger.count(times - 1, id="stability.drawn_anew")
        return Chapter((text(tr("Drawn anew {anew} times, the verdict stays “{outcomes}” and the same three causes lead.", anew=anew, outcomes=tr(found.outcomes[0])), printed=ledger.printed),))
    titles = {key: title for key, (title, _) in a.bad_minutes_by_cause.items()}
    told = []
    if not found.verdict_holds:
        told.append(tr("Cannot tell the verdict: drawn {drawn} times, it was {outcomes}.", drawn=ledger.count(times, id='stability.drawn'), outcomes=joined([tr(o) for o in dict.fromkeys(found.outcomes)])))
    if not found.causes_hold:
        always = [titles[c] for c in found.leading[0] if all(c in other for other in found.leading)]
        contenders = [titles[c] for c in dict.fromkeys(c for other in found.leading for c in other) if titles[c] not in always]
        sure = trn("{always} leads every time", "{always} lead every time", len(always), always=joined(always)) if always else tr("none leads every time")
        told.append(tr("Cannot tell which three causes lead: {sure}; {contenders} change places.", sure=sure, contenders=joined(contenders)))
    verify = [f"{a.catalog.practices[p].title}: {a.catalog.practices[p].evidence}" for p in found.verify]
    return Chapter((text(*told, printed=ledger.printed), points(verify, title=tr("Verify these three"), numbered=True)))
