"""Settings, embedded PostgreSQL, command line and the wiring of ports to connectors."""
