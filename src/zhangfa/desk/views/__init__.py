"""The staff's pages, one file a page."""
