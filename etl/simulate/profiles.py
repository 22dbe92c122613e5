"""How each procedure behaves in the simulation: how often it is asked for, how it is worked on, why its clock stops.

Assumptions for invented data, not facts: no national figure exists for shares of volume. Deadlines come from
`data/reference/procedures.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etl.errors import DataError
from language import _

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference" / "procedures.csv"

OFFICES = ("Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội")
_JUSTICE, _ECONOMY, _SOCIETY = range(len(OFFICES))

# code: share in a rural commune, share in an urban ward (per mille), office, minutes of work, pull to online filing
# (logit), typical fee in đồng, then the chances of a supplement request, a verification elsewhere (and the days it
# adds), a payment wait, a public notice.
_PROFILES: dict[str, tuple[float, float, int, float, float, int, float, float, int, float, float]] = {
    "2.000815": (455, 545, _JUSTICE, 14, -0.35, 24_000, 0.006, 0, 0, 0, 0),
    "2.000884": (72, 88, _JUSTICE, 14, -2.2, 10_000, 0.008, 0, 0, 0, 0),
    "2.000908": (10, 8, _JUSTICE, 18, 0.2, 0, 0.015, 0, 0, 0, 0),
    "2.000942": (6, 9, _JUSTICE, 16, -0.3, 10_000, 0.01, 0, 0, 0, 0),
    "2.000913": (3, 5, _JUSTICE, 28, -2.5, 30_000, 0.02, 0, 0, 0, 0),
    "2.000927": (2, 3, _JUSTICE, 22, -2.5, 25_000, 0.02, 0, 0, 0, 0),
    "2.001035": (32, 38, _JUSTICE, 70, -2.8, 50_000, 0.05, 0, 0, 0, 0),
    "2.001019": (3, 3, _JUSTICE, 60, -3.0, 50_000, 0.05, 0, 0, 0, 0),
    "2.001016": (5, 5, _JUSTICE, 60, -3.0, 50_000, 0.06, 0, 0, 0, 0),
    "2.001406": (5, 5, _JUSTICE, 75, -3.0, 50_000, 0.08, 0, 0, 0, 0),
    "1.001193": (34, 26, _JUSTICE, 25, 0.5, 0, 0.03, 0.01, 3, 0, 0),
    "1.000656": (20, 13, _JUSTICE, 22, 0.1, 0, 0.02, 0.03, 3, 0, 0),
    "1.000894": (17, 15, _JUSTICE, 35, 0.0, 0, 0.03, 0.06, 5, 0, 0),
    "2.000635": (72, 52, _JUSTICE, 16, 0.5, 8_000, 0.012, 0.01, 3, 0, 0),
    "1.004873": (36, 40, _JUSTICE, 40, 0.4, 15_000, 0.05, 0.15, 3, 0, 0),
    "1.004859": (13, 9, _JUSTICE, 60, 0.2, 15_000, 0.10, 0.14, 3, 0, 0),
    "1.001022": (2, 2, _JUSTICE, 60, 0.0, 15_000, 0.10, 0.20, 5, 0, 0),
    "1.000689": (2, 2, _JUSTICE, 60, 0.0, 15_000, 0.10, 0.12, 5, 0, 0),
    "1.004837": (1, 1, _JUSTICE, 60, 0.0, 0, 0.08, 0.04, 3, 0, 0),
    "1.004845": (0.4, 0.4, _JUSTICE, 40, 0.0, 0, 0.06, 0, 0, 0, 0),
    "1.004884": (7, 4, _JUSTICE, 80, 0.1, 8_000, 0.12, 0.30, 5, 0, 0),
    "1.004772": (3, 2, _JUSTICE, 80, 0.1, 8_000, 0.14, 0.25, 5, 0, 0),
    "1.004746": (1, 0.6, _JUSTICE, 80, 0.0, 30_000, 0.10, 0.25, 5, 0, 0),
    "1.005461": (1, 0.6, _JUSTICE, 60, 0.0, 8_000, 0.10, 0.20, 5, 0, 0),
    "2.002516": (4, 4, _JUSTICE, 40, 0.3, 8_000, 0.06, 0.06, 3, 0, 0),
    "2.000528": (0.4, 0.7, _JUSTICE, 60, 0.0, 75_000, 0.10, 0.10, 3, 0, 0),
    "2.000806": (0.5, 1, _JUSTICE, 120, 0.0, 1_500_000, 0.15, 0.20, 5, 0, 0),
    "1.001766": (0.2, 0.3, _JUSTICE, 40, 0.0, 75_000, 0.06, 0.20, 3, 0, 0),
    "2.000986": (16, 12, _JUSTICE, 45, 1.8, 0, 0.06, 0.25, 3, 0, 0),
    "1.001612": (14, 24, _ECONOMY, 60, 1.0, 100_000, 0.14, 0, 0, 0, 0),
    "2.000720": (4, 9, _ECONOMY, 50, 1.0, 100_000, 0.10, 0, 0, 0, 0),
    "1.001266": (3, 6, _ECONOMY, 40, 1.0, 0, 0.06, 0, 0, 0, 0),
    "1.013978": (26, 12, _ECONOMY, 300, -0.4, 100_000, 0.24, 0.22, 5, 0.75, 0.8),
    "1.012796": (14, 9, _ECONOMY, 150, -0.2, 28_000, 0.12, 0.10, 3, 0.10, 0),
    "1.012817": (6, 4, _ECONOMY, 240, -0.4, 28_000, 0.16, 0.15, 5, 0.60, 0.1),
    "1.014027": (28, 14, _SOCIETY, 80, 0.2, 0, 0.08, 0.05, 3, 0, 0),
    "1.014028": (7, 4, _SOCIETY, 50, 0.2, 0, 0.05, 0, 0, 0, 0),
    "1.001776": (15, 8, _SOCIETY, 120, 0.1, 0, 0.12, 0.08, 3, 0, 0),
    "1.001731": (7, 4, _SOCIETY, 50, 0.1, 0, 0.05, 0, 0, 0, 0),
    "1.001653": (4, 2, _SOCIETY, 50, 0.1, 0, 0.06, 0, 0, 0, 0),
    "1.001699": (8, 4, _SOCIETY, 150, -0.2, 0, 0.10, 0.10, 5, 0, 0),
    "1.010833": (6, 4, _SOCIETY, 60, 0.2, 0, 0.06, 0, 0, 0, 0),
}
_COLUMNS = (
    "share_rural", "share_urban", "office", "work_minutes", "online_pull", "fee", "supplement", "verification",
    "verification_days", "payment", "notice",
)  # fmt: skip


@dataclass(frozen=True)
class Procedures:
    """The procedures of the simulation, one array element each (table: the same rows as a frame, in the same order)."""

    table: pl.DataFrame
    term: NDArray[np.int64]
    same_day: NDArray[np.bool_]
    is_online: NDArray[np.bool_]
    office: NDArray[np.int64]
    fee: NDArray[np.int64]
    work_minutes: NDArray[np.float64]
    online_pull: NDArray[np.float64]
    supplement: NDArray[np.float64]
    verification: NDArray[np.float64]
    verification_days: NDArray[np.int64]
    payment: NDArray[np.float64]
    notice: NDArray[np.float64]

    def mix(self, urban: float) -> NDArray[np.float64]:
        """Shares of the procedures where `urban` is 0 for a purely rural and 1 for a purely urban unit."""
        rural, town = (self.table[column].to_numpy() for column in ("share_rural", "share_urban"))
        mixed = rural * (1 - urban) + town * urban
        return np.asarray(mixed / mixed.sum())


def load_procedures() -> Procedures:
    """Join the reviewed reference table to the profiles. Raises DataError where a profile has no procedure."""
    profiles = pl.DataFrame(
        [(code, *values) for code, values in _PROFILES.items()], schema=["procedure_code", *_COLUMNS], orient="row"
    )
    reference = pl.read_csv(REFERENCE, schema_overrides={"procedure_code": pl.String})
    table = profiles.join(reference, on="procedure_code", how="inner", validate="1:1", maintain_order="left")
    if table.height < profiles.height:
        missing = sorted(set(profiles["procedure_code"]) - set(table["procedure_code"]))
        raise DataError(_("{file}: thiếu thủ tục {codes}.").format(file=REFERENCE.name, codes=", ".join(missing)))

    integers = {name: table[name].to_numpy().astype(np.int64) for name in ("office", "fee", "verification_days")}
    floats = {
        name: table[name].to_numpy().astype(np.float64)
        for name in ("work_minutes", "online_pull", "supplement", "verification", "payment", "notice")
    }
    return Procedures(
        table=table,
        term=table["deadline_working_days"].to_numpy().astype(np.int64),
        same_day=table["same_day"].to_numpy(),
        is_online=table["is_online"].to_numpy(),
        office=integers["office"],
        fee=integers["fee"],
        verification_days=integers["verification_days"],
        work_minutes=floats["work_minutes"],
        online_pull=floats["online_pull"],
        supplement=floats["supplement"],
        verification=floats["verification"],
        payment=floats["payment"],
        notice=floats["notice"],
    )
