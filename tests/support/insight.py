"""What tests of the insight room share."""

from __future__ import annotations

from dataclasses import replace

from meldloket.insight.figures import Overview


def sorted_flow(found: Overview) -> Overview:
    """The figures with the lists that have no order of their own sorted, so that two can be compared."""
    return replace(found, flow=sorted(found.flow), decisions=sorted(found.decisions), areas=sorted(found.areas))
