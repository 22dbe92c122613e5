"""Words that several sections of a brief say alike."""

from __future__ import annotations

from indicators.notable import Notable
from indicators.sentences import notable_sentence


def finding_words(finding: Notable) -> str:
    """The sentence of a finding without the commune's name, which stands over the page."""
    words = notable_sentence(finding).removeprefix(f"{finding.commune_name}: ")
    return words[:1].upper() + words[1:]
