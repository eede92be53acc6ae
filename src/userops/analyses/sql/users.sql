(uid >= $low and uid < $high or uid in (
    select uid from people where product = {product:UInt32} and person >= $low and person < $high
)) and $person >= $low and $person < $high
