"""Double of postbox."""
