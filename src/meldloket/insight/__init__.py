"""The helicopter view and exports. Built by a later issue."""
