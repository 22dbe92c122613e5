"""Briefs and packs as slides with native charts and tables that can be edited, and the evidence in the notes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reports.content import Brief
from reports.office import fixed
from reports.pack import Pack
from reports.plain import as_data, headings, pack_data, plain
from reports.slide_charts import bar_chart, line_chart
from reports.slide_parts import BOTTOM, LEFT, ROOM, TOP, Foot, bullets, new_slide, picture, presentation, table_slides
from reports.typesetting import picture_of


def write_slides(brief: Brief) -> bytes:
    """One commune, about ten slides."""
    show = presentation(plain(brief.title))
    _brief_slides(show, plain(brief), headings())
    return _saved(show, brief)


def write_pack_slides(pack: Pack) -> bytes:
    """The overview, the slides of every commune in the order of the trip, one slide or two a department."""
    show, words, data = presentation(plain(pack.title)), headings(), pack_data(pack)
    foot = Foot(source_line=data["source_line"], mark=data["mark"])
    slide = new_slide(show, data["title"], foot)
    names = [f"{place}. {stop['name']}" for place, stop in enumerate(data["stops"], start=1)]
    bullets(slide, [text for text in (data["subtitle"], data["route_text"], "; ".join(names)) if text])
    table_slides(
        show,
        words["overview"],
        ("TT", words["commune"], words["know"], words["ask"]),
        [
            (
                str(place),
                stop["name"],
                " ".join(stop["lines"][:2]),
                " ".join(f"{ask['whom']}: {ask['text']}" for ask in stop["asks"][:1]),
            )
            for place, stop in enumerate(data["stops"], start=1)
        ],
        widths=(0.6, 2.2, 5, 5),
        foot=foot,
        notes=[
            f"{stop['name']}: " + " ".join([*stop["lines"], *(f"{ask['whom']}: {ask['text']}" for ask in stop["asks"])])
            for stop in data["stops"]
        ],
        most_slides=len(data["stops"]),
    )
    for brief in pack.briefs:
        _brief_slides(show, plain(brief), words, in_pack=True)
    for page in data["departments"]:
        if not page["tasks"]:
            bullets(new_slide(show, page["department"], foot), [words["no_task"]])
            continue
        table_slides(
            show,
            page["department"],
            [words[name] for name in ("commune", "value", "due", "state")],
            [(task["commune_name"], task["text"], task["due_text"], task["state"]) for task in page["tasks"]],
            widths=(2.2, 5, 2.2, 3),
            foot=foot,
            notes=[f"{task['commune_name']} ({task['kind']}): {task['text']}" for task in page["tasks"]],
            tones=["worse" if task["is_pressing"] else "" for task in page["tasks"]],
            more=words["more"],
        )
    return _saved(show, pack.briefs[0])


def _saved(show: Any, brief: Brief) -> bytes:
    out = BytesIO()
    show.save(out)
    return fixed(out.getvalue(), brief.as_of)


def _brief_slides(show: Any, brief: Brief, words: dict[str, str], *, in_pack: bool = False) -> None:
    """The slides of one commune, in the order of the paper.

    In a pack at most eight: a table has one slide, and what is read at a desk stays on paper and in the notes.
    """
    most = 1 if in_pack else 2
    data = as_data(brief)
    name = data["commune_name"]
    foot = Foot(source_line=data["source_line"], mark=data["mark"])
    _opening(show, data, words, foot)
    if data["promises"]:
        table_slides(
            show,
            f"{name}: {words['promises']}",
            [words[key] for key in ("promise", "department", "due", "result")],
            [(one["text"], one["department"], one["due_text"], one["verdict_text"]) for one in data["promises"]],
            widths=(5, 3, 2, 2.6),
            foot=foot,
            notes=[f"{one['text']}: {one['verdict_text']}. {one['evidence']}" for one in data["promises"]],
            tones=[{"kept": "better", "not_kept": "worse"}.get(one["verdict"], "") for one in data["promises"]],
            most_slides=most,
            more=words["more"],
        )
    if data["difficulties"]:
        table_slides(
            show,
            f"{name}: {words['difficulties']}",
            [words[key] for key in ("difficulty", "department", "due", "state")],
            [(one["text"], one["department"], one["due_text"], one["state"]) for one in data["difficulties"]],
            widths=(5, 3, 2.4, 2.2),
            foot=foot,
            notes=[" – ".join(filter(None, (one["text"], one["answer"]))) for one in data["difficulties"]],
            tones=["worse" if one["is_overdue"] else "" for one in data["difficulties"]],
            most_slides=most,
            more=words["more"],
        )
    if data["figures"]:
        heads = data["figure_headings"]
        heads = heads if len(heads) == 7 else [words[key] for key in _FIGURE_WORDS]
        table_slides(
            show,
            f"{name}: {words['figures']}",
            [heads[place] for place in (0, 1, 2, 4, 6)],
            [
                (
                    one["label"] + (f", {one['unit']}" if one["unit"] else ""),
                    one["since_merger"],
                    one["last_30_days"],
                    one["peers"],
                    one["judged"],
                )
                for one in data["figures"]
            ],
            widths=(4, 1.8, 1.8, 1.8, 4),
            foot=foot,
            notes=[
                data["peers_text"],
                words["signs"],
                *(_figure_note(one, heads) for one in data["figures"]),
                *(data["limits"] if in_pack else []),
            ],
            tones=[one["standing"] for one in data["figures"]],
            most_slides=1 if in_pack else 3,
            more=words["more"],
        )
    if data["trend_svg"]:
        slide = new_slide(show, f"{name}: {brief.trend.label}", foot, notes=[brief.trend.sentence])
        line_chart(slide, brief.trend, commune=name)
    if data["time_shares"] and not in_pack:
        slide = new_slide(show, f"{name}: {words['time']}", foot, notes=[data["time_text"]])
        bar_chart(slide, data["time_shares"][:8])
    news = [one["sentence"] for one in data["findings"]] or [data["empty"].get("findings", "")]
    news = [text for text in (*news, data["apology"], data["due_soon"]) if text]
    if news:
        bullets(new_slide(show, f"{name}: {words['findings']}", foot, notes=news), news)
    _question_slides(show, data, words, foot, most_slides=2 if in_pack else None)
    if in_pack:
        return
    if data["dossiers"]:
        table_slides(
            show,
            f"{name}: {words['dossiers']}",
            [words[key] for key in ("dossier", "procedure", "days", "step")],
            [(one["dossier_id"], one["procedure"], one["days_text"], one["step"]) for one in data["dossiers"]],
            widths=(3.6, 4.2, 2, 3),
            foot=foot,
            notes=[f"{one['dossier_id']}: {one['why']}. {one['due_text']}" for one in data["dossiers"]],
            most_slides=1,
            more=words["more"],
        )
    if data["limits"]:
        bullets(new_slide(show, f"{name}: {words['limits']}", foot, notes=data["limits"]), data["limits"])


_FIGURE_WORDS = ("figure", "since_merger", "last_30_days", "before", "peers", "province", "verdict")


def _figure_note(one: dict[str, Any], heads: Sequence[str]) -> str:
    """Everything that is known of a figure, with its meaning, for whoever is asked."""
    values = [one[key] for key in ("since_merger", "last_30_days", "before", "peers", "province")]
    parts = [f"{head} {value}" for head, value in zip(heads[1:6], values, strict=True)]
    return f"{one['label']}: {'; '.join(parts)}. {one['verdict']} {one['note']}. {one['meaning']}".strip()


def _opening(show: Any, data: dict[str, Any], words: dict[str, str], foot: Foot) -> None:
    pieces = [f"{piece['name']} ({piece['extent_text']})" for piece in data["pieces"]]
    # What somebody counted comes before names and codes.
    profile = sorted(data["profile"], key=lambda fact: not fact["source"])
    facts, notes = [], []
    for fact in profile:
        text = f"{fact['label']}: {fact['value']}"
        origin = ", ".join(filter(None, (fact["source"], fact["stated_on_text"])))
        # Two sources that differ stand beside each other: each says whose figure it is.
        facts.append(f"{text} ({origin})" if fact["differs"] and origin else text)
        if origin:
            notes.append(f"{text} ({origin})")
    slide = new_slide(show, data["title"], foot, notes=[*notes, *pieces, data["last_visit_text"]])
    has_map = bool(data["map_svg"])
    texts = [f"{words['period']}: {data['period_text']}", data["last_visit_text"], *facts[:5]]
    if pieces:
        texts.insert(2, f"{words['pieces']}: {'; '.join(pieces)}")
    bullets(slide, [text for text in texts if text], width=ROOM - (4.6 if has_map else 0))
    if has_map:
        picture(slide, picture_of(data["map_svg"]), left=LEFT + ROOM - 4.3, top=TOP, width=4.3, height=BOTTOM - TOP)


def _question_slides(
    show: Any, data: dict[str, Any], words: dict[str, str], foot: Foot, *, most_slides: int | None = None
) -> None:
    """The questions in large letters, three or so a slide; what each rests on in the notes.

    Questions that no slide has room for are in the notes of the last one.
    """
    title = f"{data['commune_name']}: {words['questions']}"
    texts = [
        f"{number}. {one['text']}"
        + (f" ({words['minutes_of'].format(minutes=one['minutes'])})" if one["minutes"] else "")
        for number, one in enumerate(data["questions"], start=1)
    ]
    start, used = 0, 0
    while start < len(texts):
        slide = new_slide(show, title, foot)
        end = start + bullets(slide, texts[start : start + 4])
        used += 1
        if used == most_slides:
            end = len(texts)
        notes = slide.notes_slide.notes_text_frame
        asked = data["questions"][start:end]
        notes.text += "\n" + "\n".join(f"{one['text']} {words['evidence']}: {one['evidence']}" for one in asked)
        start = end
