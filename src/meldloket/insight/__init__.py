"""The helicopter view, statistics, exports and open data: what happened, counted for whoever decides (design.md)."""
