"""What a charter may say: shapes, and the one table of words."""
