"""How far the exact engine goes: steps, sizes and counts, the same on every machine; module by module."""

# conflicts
# Calls of Python functions for all the attempts of one puzzle together, and work of CP-SAT's
# (`max_deterministic_time`) for each: a second or two.
CONFLICT_STEPS = 1_500_000
CONFLICT_WORK = 2.0
MOST_LINES = 30  # Lines of a puzzle from which single ones are left out.

# inequalities/borders
MOST_ELIMINATED_ROOTS = 4  # Different roots in one expression that resultants eliminate.

# inequalities/line
MOST_LINE_PIECES = 200  # Pieces of the line between borders in which signs are proved.

# linear/affine_family
MOST_FAMILY_POINTS = 2_000  # So many whole-number points are tried one by one.
MOST_FAMILY_STEPS = 20_000  # And so many partial ones on the way to them.
MOST_WHOLE = 150  # Lattices of so many unknowns are worked out.
MOST_PARAMETERS = 6  # Several inequalities are eliminated in so many parameters.
MOST_CONDITIONS = 400  # And so many conditions are looked at one by one.

# linear/constant_linear
MOST_CONSTANT_UNKNOWNS = 12  # The constants grow with every step.

# linear/least_squares
MOST_ENTRIES = 2_000_000  # Rows times parameters up to which the normal equations are worked out exactly.

# linear/parametrisation
MOST_WORK = 200_000  # Candidates times unknowns times parameters.

# linear/solver
MOST_COMPROMISE = 300  # Least-squares points of so many unknowns are worked out.

# optimum/each_point
MOST_POINTS_TRIED = (
    3_000  # Combinations of values that are put back one by one; CP-SAT takes more, where it has a form.
)

# optimum/solver
MOST_INEQUALITIES = 8  # So many inequalities are tried in every choice of which hold as equations.

# polynomial/representation
# Factors of higher degree keep the whole representation's polynomials: reducing them would cost more than it saves.
MOST_REDUCED = 40

# polynomial/charts
MOST_CHART_UNKNOWNS = 6  # With more of them the blocks are not looked for.
FEWEST_PATHS = 100  # Product of the equations' degrees below which the plain way is quick enough.

# polynomial/closed_forms
MOST_RADICAL_DEGREE = 12  # Roots of polynomials of higher degree are left as numbers with digits.
# The same for forms that are longer than this when printed; rational numbers are always written out.
MOST_FORM_LETTERS = 80
MOST_NESTED_BITS = 60  # Nested radicals are only made of numbers up to this size.

# polynomial/cover
MOST_PIECES = 300  # Cases looked at before the split is given up.
# Total degree of the polynomials that must not vanish up to which they are divided out of the ideal.
MOST_SATURATED = 8
MOST_SATURATED_WHOLE = 12  # The same as long as no unknown has been eliminated.

# polynomial/families
MOST_SAMPLES = 3_000  # Points tried before a family counts as not shown to have any.
MOST_CURVE_DEGREE = 60  # Places whose polynomials have a higher degree are not looked for.

# polynomial/finite
MOST_COUNTING = 400_000_000  # Dimension cubed times bits up to which Hermite's form is computed as a second opinion.
# The same for the proof that multiplication commutes, on which the multiplicities of multiple zeros rest.
MOST_PROVING = 40_000_000

# polynomial/finite

MOST_ELIMINATED = 150
"""Unknowns left when the linear ones are taken out: with more the solutions are beyond any algebra."""


# polynomial/infinite
MOST_FAMILY_LETTERS = 1_000  # A family with longer expressions than this is not shown.
COMPARING = 256  # Bits to which a point and a branch of a family are compared.

# polynomial/modular
PRIME_BITS = 62  # The primes are just below 2 to this power, which python-flint's word-size arithmetic takes.

# polynomial/points
MOST_BITS = 8_192  # The precision at which a sign that is no algebraic one stays undecided.

# polynomial/quotient
MOST_DIMENSION = 3_000  # Larger algebras are not built.

# polynomial/solver
MOST_CONFLICTING = 30  # More equations than this are named together, without looking for a smaller conflict.

# polynomial/quadratics
MOST_MONOMIALS = 40  # Larger Gram matrices are not tried.

# reductions/angles
MOST_ANGLES = 4
MOST_TURNS = 200  # So many angles of one unknown are listed.
# Calls of Python functions for the polynomial problem: some seconds. Where it is hard, other methods are better.
ANGLE_STEPS = 5_000_000

# reductions/mixed
MOST_MIXED_COMBINATIONS = 100_000
MOST_CASES = 300  # Combinations looked at by intervals, and cases that are solved.

# reductions/radicals
MOST_NEW = 8  # More new unknowns than this make a problem that is none the easier.

# reductions/recognition
LARGEST_GUESSED_DENOMINATOR = 10_000  # Guesses with larger denominators are no longer simple.
LARGEST_COEFFICIENT = 1_000  # The same for the quadratic equation of a guessed radical.
MOST_GUESSES = 64  # Combinations of the coordinates' guesses that are put back.

# reductions/triangular
MOST_TRIANGULAR_UNKNOWNS = 8  # Larger systems are not taken apart one unknown at a time.
MOST_TRIANGULAR_OPERATIONS = 300  # Larger expressions are not put into others.

# simple
MOST_SHORTENED_OPERATIONS = 300  # Larger constants are left as they are.
LARGEST_SHORT_DENOMINATOR = 60  # Rational numbers up to this denominator are recognised.

# suggestions
SUGGESTION_STEPS = 2_000_000  # Calls of Python functions for which SymPy may think: two or three seconds.
MOST_SUGGESTED_UNKNOWNS = 4
MOST_SUGGESTED_OPERATIONS = 200  # Larger problems are not asked about.

# univariate/branches
MOST_MEMBERS = 1_000  # So many members of a periodic family are listed.

# univariate/inversion
MOST_INVERSIONS = 40  # Functions inside functions are undone to this depth.
MOST_PERIODS = 1_000  # So many values of a whole-number symbol are written out, where it has to be eliminated.

# univariate/kernels
LARGEST_MULTIPLE = 24  # Angles and exponents that are larger multiples of a common one are not expanded.

# univariate/roots
MOST_ROOTS_DEGREE = 60  # Polynomials of a higher degree are left to others.

# whole/binary_quadratic
MOST_TRIED = 2_000_000  # Numbers that are tried one by one.
LARGEST_FACTORED = 10**24
MOST_RESIDUES = 20_000
MOST_FAMILIES = 60

# whole/diophantine
# Members of a family looked at on either side until both unknowns are on their way past every bound.
MOST_DIOPHANTINE_STEPS = 200
SHOWN = 10  # Points listed of families that are not decided.

# whole/finite/compilation
MOST_TABULATED = 2_000  # Combinations of values for which a function is tabulated.
LARGEST_POWER = 64  # Exponents up to which a power is a product.

# whole/finite/model
WIDE = 1 << 56  # Forms that may exceed this are taken apart.
MOST_TERMS = 4_000  # A product is multiplied out over its variables as long as it has no more terms.

# whole/finite/points
MOST_COMBINED_POINTS = 10**12  # Combinations of values among which is searched.
MOST_BOXES = 200_000  # Boxes that wait at the same time.
BOXES_OF_WORK = 250_000  # Boxes that take as long as one unit of CP-SAT's work, about.

# whole/finite/solver
# Statements of all attempts to find a smaller conflict together: their models take longer than most searches.
CONFLICT_STATEMENTS = 20_000
MOST_CANDIDATES = 20_000  # Points that intervals do not refute, of which each is put back.
MOST_IN_CONFLICT = 60  # More statements than this are first left out by halves, quarters and so on.

# whole/solver
# How far from zero, and with how much work of CP-SAT's, solutions are looked for where nothing else is known.
WINDOW = 100
LOOKING_NEAR = 2.0
