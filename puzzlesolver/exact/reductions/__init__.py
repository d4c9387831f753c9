"""Problems made into simpler ones, and the answers carried back."""
