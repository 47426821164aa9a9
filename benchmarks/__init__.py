"""Load and scale, run by hand; they print sizes, rates and ratios, and assert nothing."""
