"""What the tables of Decision 766 may say: the groups of the index, and what can be computed from dossiers."""

from __future__ import annotations

# In the order in which the national portal shows them.
INDEX_GROUPS = ("transparency", "progress", "online", "payment", "digitisation", "satisfaction")
INDEX_TOTAL = "total"
INDEX_POINTS = 100

# The shares that the software computes itself; a component with none of them is known from published scores only.
INDEX_FORMULAS = ("on_time", "online_with_e_result", "procedures_paid", "paid_online", "e_result", "digitised")
DECIDED_BY = ("commune", "province")
