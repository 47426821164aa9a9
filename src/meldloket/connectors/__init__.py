"""The edge: one package per outside system, plugged into the ports of the journey packages by runtime."""
