"""Files of answers: which column is what, taken in the background, taken back."""
