-- the highest number of a person into whom others have been merged
select max(person) as person from people where product = {product:UInt32}
