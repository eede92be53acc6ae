select rowid from tickets_search where tickets_search match %s
