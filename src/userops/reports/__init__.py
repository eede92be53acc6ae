"""Reports: outline, frozen figures, sentences bound to them, review, issue, and what is sent."""
