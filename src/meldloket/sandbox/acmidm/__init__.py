"""Double of acmidm."""
