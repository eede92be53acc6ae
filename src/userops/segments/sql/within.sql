-- A piece: rows of the numbers in some runs and of those merged into them, as far as they are of persons in them.
(($numbers) or uid in (select uid from people where product = {product:UInt32} and ($merged))) and ($persons)
