"""What an indicator declares of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from indicators.figures import Count, Figure, Ratio
from language import current_language

Unit = Literal["count", "rate", "working_days", "days", "per_1000_people", "per_staff_day", "ratio", "points"]
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

    `formulas` is the computation in words; `formula` says the same in the IDs of other indicators and the columns of
    the snapshot, for the command line and the docs. `dating` says which day puts a dossier into a window, for each part
    of the formula; below `min_n` the value is shown in grey and never ranked.
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
    formulas: Words | None = None
    min_n: int = 20

    @property
    def name(self) -> str:
        return self.names.text

    @property
    def definition(self) -> str:
        """One or two sentences for the screens' "i"."""
        return self.definitions.text

    @property
    def formula_in_words(self) -> str:
        """The computation as people write it: `(trước hạn + đúng hạn) ÷ đã giải quyết`; empty where none is given."""
        return self.formulas.text if self.formulas else ""

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
BY_RESOLUTION = Words(
    "ngày có kết quả (ngày xử lý xong; không ghi thì ngày trả kết quả)",
    "day of the result (finished; where that is missing, returned)",
)
BY_CLOSING = Words("ngày kết thúc (có kết quả, rút hoặc dừng)", "day of closing (result, withdrawal or stop)")
BEFORE_START = Words("tình trạng vào ngày trước kỳ", "state on the day before the window")
AT_END = Words("tình trạng vào ngày cuối kỳ", "state on the last day of the window")

BY_CLOSING_AND_AT_END = Words(f"{BY_CLOSING.vi}; {AT_END.vi}", f"{BY_CLOSING.en}; {AT_END.en}")

# Below this many values a tenth of them is too few to enclose a 90th percentile (docs/thong-ke.md).
LEAST_FOR_P90 = 40
# With open dossiers the far end of the curve is known from fewer still.
LEAST_FOR_P90_WITH_OPEN = 100
# Durations have a long tail: the mean of fewer is enclosed less surely than stated.
LEAST_FOR_MEAN = 100


OURS = Words("Chỉ số của phần mềm, không thuộc biểu mẫu nhà nước", "A figure of this software, on no official form")


def by_parts(**parts: Words) -> Words:
    """Which day counts for each part of a formula."""
    names = {
        "above": Words("tử số", "numerator"),
        "below": Words("mẫu số", "denominator"),
        "stock": Words("hồ sơ tồn", "open dossiers"),
        "pace": Words("nhịp giải quyết", "pace"),
    }
    return Words(
        "; ".join(f"{names[name].vi}: {words.vi}" for name, words in parts.items()),
        "; ".join(f"{names[name].en}: {words.en}" for name, words in parts.items()),
    )


def form_ii06(column: str) -> Words:
    """A column of the official report form."""
    return Words(
        f"Biểu II.06/VPCP/KSTT (Thông tư 01/2020/TT-VPCP), cột {column}",
        f"Form II.06/VPCP/KSTT (Circular 01/2020/TT-VPCP), column {column}",
    )


def decision_766(vi: str, en: str) -> Words:
    """A part of the Prime Minister's index of service."""
    return Words(f"Quyết định 766/QĐ-TTg ngày 23/6/2022, {vi}", f"Decision 766/QĐ-TTg of 23/6/2022, {en}")
