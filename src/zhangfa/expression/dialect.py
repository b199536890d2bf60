"""The grammar: sqlglot's tokenizer and parser with nearly everything switched off.

Imported only when an expression is really parsed (sqlglot takes a quarter of a second to load).
Seventeen keywords remain, so a field may be called ``order`` or ``count``; there are no statements,
no comments, no casts, no subqueries, and every function is read alike, without sqlglot's own ideas of its arguments.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import TokenType, parser, tokens
from sqlglot.dialects.dialect import Dialect

if not str(parser.__file__).endswith(".py"):
    raise ImportError("expressions need sqlglot's pure-Python parser: uninstall sqlglotc")

KEYWORDS = (
    "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "TRUE", "FALSE",
    "CASE", "WHEN", "THEN", "ELSE", "END", "DISTINCT",
)  # fmt: skip
SIGNS = {"||": TokenType.DPIPE, "<>": TokenType.NEQ, "!=": TokenType.NEQ, "<=": TokenType.LTE, ">=": TokenType.GTE}


class Charters(Dialect):
    """The dialect of charters."""

    class Tokenizer(tokens.Tokenizer):
        """Names, numbers, quoted text, seventeen words and the operators."""

        KEYWORDS: ClassVar[dict[str, TokenType]] = {**{word: TokenType[word] for word in KEYWORDS}, **SIGNS}
        COMMENTS: ClassVar[list[Any]] = []
        COMMANDS: ClassVar[set[TokenType]] = set()
        NUMERIC_LITERALS: ClassVar[dict[str, str]] = {}

    class Parser(parser.Parser):
        """Operators, ``case`` and calls; nothing that reads from anywhere."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {"CASE": lambda self: self._parse_case()}
        SUBQUERY_PREDICATES: ClassVar[dict[Any, Any]] = {}
        STATEMENT_PARSERS: ClassVar[dict[Any, Any]] = {}
        QUERY_MODIFIER_PARSERS: ClassVar[dict[Any, Any]] = {}
        LAMBDAS: ClassVar[dict[Any, Any]] = {}
        PLACEHOLDER_PARSERS: ClassVar[dict[Any, Any]] = {}


DIALECT = Charters()
