"""What the answers of a survey say: figures with their intervals, formulas and numbers of answers."""
