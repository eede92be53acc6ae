select count() from fresh
