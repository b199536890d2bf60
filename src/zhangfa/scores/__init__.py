"""Scores: units and people judged by results, so that the one who is seventh can see why (考核)."""
