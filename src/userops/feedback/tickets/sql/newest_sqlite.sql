select rowid from tickets_search where tickets_search match %s order by rowid desc limit %s
