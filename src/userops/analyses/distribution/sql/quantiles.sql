-- Where the persons' figures are cut into equal parts.
with persons as (
    $persons
)
select min(figure) as least, quantilesExactInclusiveOrNull($levels)(figure) as cuts
from persons
