"""The open data for machines: CSV, GeoJSON, and a DCAT-AP catalogue in which portals find them."""
