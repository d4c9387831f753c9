"""How much a text may ask for. Every limit is named in the error that it causes; no sensible puzzle comes near one."""

MAX_STATEMENT = 50_000  # Characters of one statement.
MAX_PROSE = 150_000  # Characters of all the statements together; the rows of tables, data and grids do not count.
MAX_NESTING = 60  # Brackets inside brackets.
MAX_TOWER = 20  # Powers in the exponent of powers.
MAX_NAME = 200  # Characters of a name.
MAX_DIGITS = 2_000  # Digits of a number, written out or computed exactly (Python itself shows no more than 4300).
MAX_EXPONENT = 10_000  # Largest exponent, taken absolutely, of a power that is not a plain number.
# Digits of a number times the denominator of its exponent: roots of numbers are simplified by way of powers.
MAX_ROOT_DIGITS = 10_000
MAX_FACTORIAL = 800  # Largest number whose factorial is computed.
MAX_EXTREMES = 30  # Values of which a `min` or `max` is taken.
MAX_DEPTH = 120  # Operations inside operations, as nested `let` can pile them up.
MAX_DEFINITIONS = 50  # Definitions that stand below their use, one inside the other.
MAX_DIMENSIONS = 8  # Indices of one unknown.
MAX_LETTER_RANGE = 64  # Letters in a range such as `A..D`.
MAX_TERMS = 20_000  # Terms of a `sum` or `product` over an index.
MAX_STEPS = 60_000  # Steps of building expressions, for one file.
MAX_SIZE = 50_000  # Nodes of one expression.
MAX_UNROLLED = 10_000  # Statements that a `for` is written out to, where it has to be.
MAX_RANGE = 10_000_000  # Whole numbers in the ranges of one `for` together, and elements of an indexed unknown.
MAX_EXAMINED = 100_000  # Values that a `for` goes through one by one, where it has to.
MAX_INDEX = 10**12  # Largest index and largest end of a range, taken absolutely.
MAX_CONDITIONED = 2_000_000  # Values of a `for` with an `if` that stays a template.
MAX_ENTRIES = 10_000  # Entries of a `table`.
MAX_DATA_BYTES = 100_000_000  # Bytes of a data file.
# Numbers in a table of data, and lines of a file: each number is kept exactly, and a fit takes many times its room.
MAX_DATA_VALUES = 250_000
MAX_COLUMNS = 200  # Columns of data.
MAX_LINE = 100_000  # Characters of one line of a data file.
MAX_CELL = 400  # Characters of one cell of a data table.
MAX_ERRORS = 20  # Errors reported at once.
