"""The intake: from an archetype to a first number in ten minutes; then the rest of the facts, and the architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from readiness.assessment import Assessment
from readiness.catalog.schema import Archetype
from readiness.engagement.store import value_at
from readiness.figures.architecture import ROWS, Part, architecture
from readiness.figures.night import night
from readiness.forms import Chart, Sheet, Tiers
from readiness.forms.tiers import needs_of
from readiness.workshop.fields import FIELDS, TOGETHER, Field, described, shown, stored
from readiness.workshop.room import Room, Wish

NO_ARCHETYPE = "keep"
MOST_FIELDS = 12


class Facts:
    """A sheet of facts of the client's file; each is saved as soon as it is given.

    Parameters
    ----------
    room
        Where they go.
    fields
        Which ones.
    title, intro
        Over them.
    """

    def __init__(self, room: Room, fields: Sequence[Field], *, title: str = "", intro: str = "") -> None:
        self.room, self.fields = room, tuple(fields)
        self.sheet = Sheet(title=title, intro=intro)
        self._together: dict[str, Any] = {}
        self.sheet.on_said(self._said)
        room.listen(self._hear)
        self.show()

    def show(self) -> None:
        """Draw the fields anew where they changed."""
        described_now = [described(f, self.room.catalog, self.room.engagement) for f in self.fields]
        values = {f.address: shown(f, self.room.raw, self.room.engagement) for f in self.fields} | self._together
        with self.sheet.hold_sync():
            if described_now != self.sheet.fields:
                self.sheet.fields = described_now
            self.sheet.values = values

    def _hear(self, what: str) -> None:
        if what == "reckoned":
            self.show()

    def _said(self, message: Mapping[str, Any]) -> None:
        field = next((f for f in self.fields if f.address == message.get("key")), None)
        if message["do"] != "set" or field is None:
            return
        try:
            value = stored(field, message.get("value"), who="", on=self.room.as_of.isoformat())
        except (TypeError, ValueError, KeyError, OverflowError):
            self.sheet.complain(field.address, "this is not a number; write it like 12,500.5")
            self.sheet.show("refused", "Not taken", "see beside the field")
            return
        wish = self._whole(field, value)
        if wish is None:
            self.sheet.show("ready", "These three belong together: saved when all are given")
            self.sheet.complain(field.address, "")
            self.show()
            return
        saved = self.room.put([wish])
        self.sheet.complain(field.address, saved.text + (f"; {saved.hint}" if saved.hint else "") if saved.state == "refused" else "")
        self.sheet.show(saved.state, "Not taken" if saved.state == "refused" else saved.text, "" if saved.state == "refused" else saved.hint)
        self.show()

    def _whole(self, field: Field, value: Any) -> Wish | None:
        """The wish for a field; None while others that belong to it are missing."""
        parent = next((p for p, parts in TOGETHER.items() if field.address in parts), None)
        if parent is None:
            return Wish(field.address, value, "intake")
        if value is None:
            self._together = {k: v for k, v in self._together.items() if k not in TOGETHER[parent]}
            return Wish(parent, None, "intake")
        held = value_at(self.room.raw, parent) or {}
        given = {part: self._together.get(part, held.get(part.rpartition(".")[2])) for part in TOGETHER[parent]} | {field.address: value}
        if any(v is None for v in given.values()):
            self._together[field.address] = value
            return None
        self._together = {}
        return Wish(parent, {part.rpartition(".")[2]: v for part, v in given.items()}, "intake")


class Intake:
    """Where to start from, and at most twelve fields.

    Notes
    -----
    Choosing an archetype replaces the architecture and nothing else, as one step that is undone as one.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        first = [f for f in FIELDS if f.first]
        self.start = Sheet(
            title="Where do we start from?", intro="An archetype is a sensible architecture to begin with; everything in it can be changed below."
        )
        choices = [{"id": NO_ARCHETYPE, "text": "what is in the client's file", "what": ""}]
        choices += [{"id": a.id, "text": a.title, "what": a.what} for a in room.catalog.archetypes.values()]
        self.start.fields = [
            {
                "key": "archetype",
                "label": "Start from",
                "kind": "choice",
                "options": choices,
                "hint": "replaces the parts and outside dependencies below; one Undo takes it back",
            }
        ]
        self.start.values = {"archetype": NO_ARCHETYPE}
        self.start.actions = [{"id": "undo", "text": "Undo"}]
        self.start.on_said(self._said)
        self.facts = Facts(
            room,
            first,
            title="The facts in ten minutes",
            intro="A field left open is reckoned with its whole default range. “We don't know” is an answer.",
        )
        assert len(first) < MOST_FIELDS

    def _said(self, message: Mapping[str, Any]) -> None:
        if message["do"] == "press" and message.get("action") == "undo":
            saved = self.room.undo()
        elif message["do"] == "set" and message.get("key") == "archetype":
            archetype = self.room.catalog.archetypes.get(str(message.get("value")))
            if archetype is None:
                self.start.show("ready", "The client's file stays as it is")
                return
            saved = self.room.put(
                archetype_wishes(self.room, archetype),
                group=f"archetype {archetype.id} {self.room.last_line.checksum[:8] if self.room.last_line else ''}",
            )
            if saved.good:
                self.start.values = {"archetype": archetype.id}
        else:
            return
        self.start.show(saved.state, saved.text, saved.hint)


def archetype_wishes(room: Room, archetype: Archetype) -> list[Wish]:
    """What changes in the client's file when it starts from an archetype."""
    tiers = [{"name": t.name, "need": t.need, "way": t.way} | ({"copies": t.copies} if t.copies > 1 else {}) for t in archetype.tiers]
    wishes = {
        "architecture.provider": archetype.provider, "architecture.region": archetype.region, "architecture.departure": archetype.departure,
        "architecture.tiers": tiers, "architecture.dependencies": [dict(d) for d in archetype.dependencies],
    }  # fmt: skip
    journeys = [dict(j, tiers=[]) for j in room.raw.get("journeys", [])]
    if journeys != room.raw.get("journeys"):
        wishes["journeys"] = journeys
    return [Wish(address, value, "archetype") for address, value in wishes.items()]


class Architecture:
    """The parts of the product, how each is run today, and a picture of it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.form = Tiers(needs=needs_of(room.catalog))
        self.picture = Chart(picture(room.assessment), alternative=in_words(room.assessment), night=night())
        self.form.on_said(self._said)
        room.listen(lambda what: self.show() if what == "reckoned" else None)
        self.show()

    def show(self) -> None:
        """The lists and the picture as they stand in the client's file."""
        parts = self.room.engagement.architecture
        with self.form.hold_sync():
            self.form.tiers = [{"name": t.name, "need": t.need, "way": t.way, "copies": t.copies} for t in parts.tiers]
            self.form.dependencies = [{"name": d.name, "what": d.what, "hard": d.hard} for d in parts.dependencies]
        self.picture.draw(picture(self.room.assessment), in_words(self.room.assessment))

    def _said(self, message: Mapping[str, Any]) -> None:
        kind = message["do"]
        if kind not in ("tiers", "dependencies") or not isinstance(message.get(kind), list):
            return
        held = {one.get("name"): one for one in value_at(self.room.raw, f"architecture.{kind}") or [] if isinstance(one, dict)}
        merged = [_merged(held.get(one.get("name"), {}), one) for one in message[kind] if isinstance(one, dict)]
        wishes = [Wish(f"architecture.{kind}", merged, "architecture")]
        names = {one.get("name") for one in merged}
        journeys = self.room.raw.get("journeys", [])
        if kind == "tiers" and any(set(j.get("tiers", ())) - names for j in journeys):
            wishes.append(Wish("journeys", [dict(j, tiers=[t for t in j.get("tiers", ()) if t in names]) for j in journeys], "architecture"))
        saved = self.room.put(wishes)
        self.form.message = f"{saved.text}{f'; {saved.hint}' if saved.hint else ''}" if saved.state == "refused" else ""
        self.form.show(saved.state, "Not taken" if saved.state == "refused" else saved.text, saved.hint)
        self.show()


def _merged(held: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a part, with what was changed; figures of another way are left behind."""
    kept = dict(held)
    if held and given.get("way") not in (None, held.get("way")):
        kept = {k: v for k, v in kept.items() if k not in ("copies", "cost_per_month", "numbers")}
    kept |= {k: v for k, v in given.items() if k in ("name", "need", "way", "copies", "what", "hard")}
    return {k: v for k, v in kept.items() if v is not None}


def parts_of(a: Assessment) -> tuple[Part, ...]:
    """The boxes of the picture."""
    found = []
    for placed in a.design.placed:
        who = "run by you" if placed.way.run_by == "client" else "managed"
        spread = placed.way.regions if placed.way.regions > 1 else placed.way.zones
        where = f"{placed.way.regions} regions" if placed.way.regions > 1 else f"{placed.way.zones} zones" if placed.way.zones > 1 else "1 zone"
        copies = f"{placed.copies} copies" if placed.copies > 1 else "1 copy"
        how = f"{who}, {where}" if placed.way.redundancy == "serverless" else f"{who}, {copies}, {where}"
        found.append(Part(placed.tier.name, placed.way.title, how, ROWS[0] if placed.service.serves_requests else ROWS[1], spread))
    for one in a.engagement.architecture.dependencies:
        found.append(Part(one.name, one.what, "nothing works without it" if one.hard else "most works without it", ROWS[2]))
    return tuple(found)


def picture(a: Assessment) -> dict[str, Any]:
    """The architecture as a figure."""
    return architecture(parts_of(a))


def in_words(a: Assessment) -> str:
    """The picture for who cannot see it."""
    return "; ".join(f"{part.name}: {part.what}, {part.how}, {part.row}" for part in parts_of(a))
