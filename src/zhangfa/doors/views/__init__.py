"""Pages of the doors: ask, follow, boards, and the staff's side."""
