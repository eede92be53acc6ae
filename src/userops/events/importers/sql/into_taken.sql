insert into taken (product, id, batch)
