"""The language of puzzles: `puzzle.lark` (statements), `expression.lark` and `terminals.lark`. Begin with the first."""
