select person from $whole
