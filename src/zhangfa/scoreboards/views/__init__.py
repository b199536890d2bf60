"""Pages of scores and honours, one file each."""
