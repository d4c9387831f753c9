"""How far the proofs go: steps, sizes and counts, the same on every machine; module by module."""

# boxes/bounds

ROUNDS = 6
PIECES = 256  # Into so many pieces the bounded part of a line is cut to find a lower bound of a function.

# boxes/branch
MOST_BOXES = 20_000_000
MOST_LEFT = 2000  # So many boxes too small to bisect end the search: they are a curve of solutions, or as good as one.
SETTLING = 24_000  # Balls for a second look at all that is left over.
PIECE_BOXES = 2000
BOXES_A_BALL = 8  # Boxes spent on one piece of a box that a jump runs through; so many of them count as one ball.

# boxes/clusters
COMPARED = 2500  # Up to so many boxes every pair is compared; more are grouped along the longest side alone.
# Boxes into which one cluster is taken apart, and the balls for all their coordinates and the Jacobian's entries.
SECOND_CHANCE_BITS = 256
SECOND_CHANCE_BOXES = 400
SECOND_CHANCE_BALLS = 8_000

# boxes/conditions
# A coordinate known to 50 digits that is a fraction of a smaller denominator is tried as that fraction.
LARGEST_DENOMINATOR = 10**15

# boxes/endless
FINEST = 8  # The largest denominator of these points.
MOST_ENDLESS_OPERATIONS = 300

# boxes/krawczyk
MOST_DENSE = 1500  # The number of unknowns up to which dense matrices are affordable.

# boxes/line
# The first of infinitely many solutions are looked for in so many periods, the fewest first.
PERIODS = (3, 6, 12, 25, 50, 100, 200, 400, 1000, 4000)

# boxes/contract
MOST_COMPARED = 60
MOST_EQUATIONS = 300
MOST_LINEAR_TERMS = 1500
LARGEST_LINEAR = 3000  # Expressions of more operations than this are not multiplied out.

# boxes/refinement
IN_BALLS = 60  # The number of unknowns up to which the matrices are of balls.

# boxes/search
# How many boxes are spent on a problem with fewer equations than unknowns: enough to see that nothing fulfils it.
UNDERDETERMINED_BOXES = 4000
# Faces of the neighbourhood of infinity that are looked at, and the boxes for each of them and for all.
MOST_FACES = 50
FACE_BOXES = 4000
LOOKING_OUT = 40_000

# identities
MOST_IDENTITY_OPERATIONS = 400  # Larger constants are not rewritten: forms grow when they are.
MOST_IDENTITY_TERMS = 5_000  # The expanded form may have so many terms.
LARGEST_MULTIPLE = 40  # Multiples of an angle up to this one are expanded.
FACTOR_LIMIT = 10_000  # Trial division in logarithms of whole numbers goes so far; what is left counts as one factor.

# implication
TRIALS = 12  # So many simple points are looked at for a counterexample.
MOST_SYMBOLS = 6  # Elimination is tried with at most so many symbols.
MOST_IMPLICATION_OPERATIONS = 2_000  # Larger expressions are not expanded.

# zero
MOST_BITS = 200_000  # The largest separation bound that is worth evaluating to.
CHEAP_BITS = 4_096  # Up to this bound the decision procedure comes before any rewriting.
