"""Pages of the insight room: the helicopter view, policy, and what can be taken along."""
