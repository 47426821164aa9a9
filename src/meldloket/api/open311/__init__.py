"""Open311 GeoReport v2, so that other systems can send reports and follow them; nothing of a reporter ever leaves by it."""
