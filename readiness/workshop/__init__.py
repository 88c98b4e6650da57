"""The session: an engagement is answered, assessed and drawn again; forms show it and hand back ids, the journal keeps it."""

from readiness.workshop.room import Room, Saved, open_room

__all__ = ["Room", "Saved", "open_room"]
