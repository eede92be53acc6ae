"""What those who are asked see: the page of a survey, its frame in an app, and the door that asks which to show."""
