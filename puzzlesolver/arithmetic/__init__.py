"""Numbers and expressions by themselves: balls, intervals, graphs of expressions, linear algebra, real roots.

Nothing here knows a `Problem`.
"""
