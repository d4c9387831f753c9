"""How far the numeric engine goes: steps, sizes and counts, the same on every machine; module by module."""

# distinct

HANDFUL = 8  # More rank-deficient points than this are taken for a sample of a family.

# fitting
TRIALS = 4096  # Draws of the parameters that do not occur linearly; the best become starts.
LARGEST_FIT_BATCH = 1 << 22  # Numbers in a batch of dense Jacobians.
MINIMA = 8  # Distinct minima reported at most.
RAW = 16  # So many of the best starts are also polished without Nadam, which may lead away from a narrow valley.
PROJECTION_STEPS = 60
PROJECTION_PATIENCE = 12  # Steps of a projection in all, and in a row that may fail for every point.

# large
# Starts of one search at most, and the unknowns they may have together (two are always made).
MOST_STARTS = 6
STARTED_NUMBERS = 1 << 14
LARGE_STEPS = 60
LARGE_PATIENCE = 10  # Steps in all, and steps without bringing the loss down by a tenth.

# nadam
# Steps of a full descent; the learning rate falls from `LEARNING_RATE` to a hundredth of it along a cosine.
NADAM_STEPS = 200

# objective
POLISHED = 8  # How many of the best ends are polished.
RESTARTS = 5  # How often SLSQP may begin again where it stopped, with better units.
OPTIMA = 8  # Distinct optima reported at most.

# refine
# A point that has not come down by a tenth in as many steps is in a valley or at a minimum above zero. Where a
# minimum is wanted, both are four times as many.
POLISH_STEPS = 120
PATIENCE = 12

# search
WIDE = 1024  # Starts of a later round.
ROUNDS = 14
BARREN_ROUNDS = 5  # Rounds in all, and rounds without any root, after which the budget is spent.
DENSE_UNKNOWNS = 128
DENSE_RESIDUALS = 2048  # Beyond these the Jacobian is kept sparse, and few starts are followed, one by one.
# Numbers worked with, start by start, after which no other round begins: in all, and where all roots are known and
# the search has only to agree. A million take about a second.
WORK = 12_000_000
COMPARING = 2_000_000
MANY = 100  # Isolated roots from which on it is a question whether there is an end to them.
LARGEST_BATCH = 1 << 23  # Numbers in a batch of dense Jacobians, or a quarter of it in a batch of leaves, at most.

# templates
DEGREE_LIMIT = 32  # A product of more factors than this is computed in parts, and a higher power by `pow`.

# whole
WHOLE_WIDE = 1024  # Starts of a later round, where so many fit a batch.
LARGEST_WHOLE_BATCH = 1 << 20
BARREN_WHOLE_ROUNDS = 3  # Rounds that bring nothing new after which the search ends, once it has found something.
MENDED = 128
MOST_MENDS = 40  # Ends of descents that are mended, and how many changes each may take.
MOST_VALUES = 13
MOST_EXCHANGED = 20  # Values of an unknown that are all tried, and unknowns of which every two are exchanged.
