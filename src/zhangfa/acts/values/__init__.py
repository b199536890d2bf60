"""Values of fields: read from what a person typed, shown to a person, handed to an expression."""

from zhangfa.acts.values.parse import parse_value
from zhangfa.acts.values.show import Names, show_value
from zhangfa.acts.values.term import to_term

__all__ = ["Names", "parse_value", "show_value", "to_term"]
