"""All steps: what is told to whom, in which words, through which channels, and the fate of each delivery."""
