select {product:UInt32}, id, {batch:UInt64} from fresh
