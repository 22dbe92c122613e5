"""What an indicator declares of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from indicators.figures import Count, Figure, Ratio
from language import current_language

Unit = Literal["count", "rate", "working_days", "days", "per_1000_people", "per_staff_day", "ratio"]
Direction = Literal["higher_is_better", "lower_is_better", "neutral"]


class Words(NamedTuple):
    """One text in the two languages of the screens; declarations keep both side by side, for docs/indicators.md."""

    vi: str
    en: str

    @property
    def text(self) -> str:
        """In the language of the session."""
        return self.en if current_language() == "en" else self.vi


@dataclass(frozen=True, kw_only=True, eq=False)
class Indicator:
    """What one figure means.

    `formula` is written in the IDs of other indicators and the columns of the snapshot; `dating` says which day puts a
    dossier into a window; below `min_n` the value is shown in grey and never ranked.
    """

    id: str
    names: Words
    definitions: Words
    formula: str
    unit: Unit
    direction: Direction
    dating: Words
    sources: Words
    figure: Figure
    min_n: int = 20

    @property
    def name(self) -> str:
        return self.names.text

    @property
    def definition(self) -> str:
        """One or two sentences for the screens' "i"."""
        return self.definitions.text

    @property
    def dated_by(self) -> str:
        return self.dating.text

    @property
    def source(self) -> str:
        """The form, decision or decree that the figure comes from."""
        return self.sources.text

    @property
    def has_interval(self) -> bool:
        """Whether the answer has the columns `ID_n`, `ID_low` and `ID_high`."""
        return not isinstance(self.figure, Count | Ratio)


BY_RECEIPT = Words("ngày tiếp nhận", "day of receipt")
BY_SUBMISSION = Words("ngày nộp", "day of filing")
BY_RESOLUTION = Words("ngày có kết quả", "day of the result")
BY_CLOSING = Words("ngày kết thúc (có kết quả, rút hoặc dừng)", "day of closing (result, withdrawal or stop)")
BEFORE_START = Words("tình trạng vào ngày trước kỳ", "state on the day before the window")
AT_END = Words("tình trạng vào ngày cuối kỳ", "state on the last day of the window")
BY_CLOSING_AND_AT_END = Words(f"{BY_CLOSING.vi}; {AT_END.vi}", f"{BY_CLOSING.en}; {AT_END.en}")
BY_RESOLUTION_AND_AT_END = Words(f"{BY_RESOLUTION.vi}; {AT_END.vi}", f"{BY_RESOLUTION.en}; {AT_END.en}")

OURS = Words("Chỉ số của phần mềm, không thuộc biểu mẫu nhà nước", "A figure of this software, on no official form")


def form_ii06(column: str) -> Words:
    """A column of the official report form."""
    return Words(
        f"Biểu II.06/VPCP/KSTT (Thông tư 01/2020/TT-VPCP), cột {column}",
        f"Form II.06/VPCP/KSTT (Circular 01/2020/TT-VPCP), column {column}",
    )


def decision_766(vi: str, en: str) -> Words:
    """A part of the Prime Minister's index of service."""
    return Words(f"Quyết định 766/QĐ-TTg ngày 23/6/2022, {vi}", f"Decision 766/QĐ-TTg of 23/6/2022, {en}")
