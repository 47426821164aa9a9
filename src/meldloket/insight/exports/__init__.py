"""What staff take along of the cases that they may see: CSV, Excel and Parquet, streamed so that a million rows cost no
more memory than five thousand."""
