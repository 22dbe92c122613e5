"""Decks and meetings of the notebook, as the screens need them; without a notebook there are none."""

from __future__ import annotations

from language import _
from language.formats import date
from notebook import Deck, DeckPage, Meeting, MeetingPage, NotebookError, Stop
from notebook.clock import now
from pages.parts.address import View
from pages.parts.notebook_data import book
from pages.parts.stage import address_of, here


def author() -> str:
    """Who writes in this session."""
    # Not above: it is made of a screen, and every screen reads the decks.
    from pages.parts.writer import writer_name

    return writer_name()


def decks(province_code: str) -> list[Deck]:
    return book().find(Deck, province_code=province_code)


def deck_pages(deck_id: int) -> list[DeckPage]:
    """The pages of a deck in their order."""
    return sorted(book().find(DeckPage, deck_id=deck_id), key=lambda page: (page.position, page.id or 0))


def saved_pages(view: View) -> list[tuple[str, str]]:
    """Titles and addresses of the deck in view; nothing without one, or where the notebook cannot be read."""
    if not view.deck:
        return []
    try:
        return [(page.title, page.address) for page in deck_pages(view.deck)]
    except NotebookError:
        return []


def make_deck(name: str, province_code: str) -> Deck:
    """A new deck; without a name it is called by its day."""
    title = " ".join(name.split()) or _("Bài trình chiếu {date}").format(date=date(now().date()))
    return book().add(Deck(name=title, province_code=province_code), by=author())


def add_page(deck_id: int, view: View, title: str) -> DeckPage:
    """Add the screen of this run at the end of a deck."""
    position = max((page.position for page in deck_pages(deck_id)), default=0) + 1
    page = DeckPage(deck_id=deck_id, position=position, address=address_of(here(), view), title=title)
    return book().add(page, by=author())


def running_meeting(view: View) -> Meeting | None:
    """The meeting whose record is being kept."""
    if not view.meeting:
        return None
    try:
        meeting = book().get(Meeting, view.meeting)
    except NotebookError:
        return None
    return meeting if meeting is not None and meeting.ended_at is None else None


def keep_page(meeting: Meeting, view: View, title: str) -> None:
    """Note what is on screen, once for each time that it comes up."""
    assert meeting.id is not None
    address = address_of(here(), view.with_changes(snapshot=meeting.snapshot_id), pinned=True)
    shown = book().find(MeetingPage, meeting_id=meeting.id)
    # A deck may show one screen under two titles, one after the other.
    if not shown or (shown[-1].address, shown[-1].title) != (address, title):
        page = MeetingPage(meeting_id=meeting.id, shown_at=now(), address=address, title=title)
        book().add(page, by=author())


def open_meeting(deck: Deck, *, snapshot_id: str, trip_id: int | None) -> Meeting:
    meeting = Meeting(deck_id=deck.id, trip_id=trip_id, title=deck.name, started_at=now(), snapshot_id=snapshot_id)
    return book().add(meeting, by=author())


def end_meeting(view: View) -> None:
    meeting = running_meeting(view)
    if meeting is not None and meeting.id is not None:
        book().edit(Meeting, meeting.id, version=meeting.version, by=author(), ended_at=now())


def communes_of_trip(meeting: Meeting | None) -> tuple[str, ...]:
    """The communes of the meeting's trip, in their order."""
    if meeting is None or meeting.trip_id is None:
        return ()
    stops = sorted(book().find(Stop, trip_id=meeting.trip_id), key=lambda stop: stop.position)
    return tuple(stop.commune_code for stop in stops)
