"""Working time: calendars with holidays and 调休, and the clock that runs only while they are open. Pure."""
