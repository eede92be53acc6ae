"""Pages that anybody may open: the form, alone or in the widget's frame."""
