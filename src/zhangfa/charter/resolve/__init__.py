"""From what is said to what is meant: names, states, parties, expressions."""
