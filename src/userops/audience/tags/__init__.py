"""Tags: what people are called, by hand, by rule, by figure or from a file; a user property in every analysis."""
