-- Drawn is each method as it stands where it has no threshold, else at the one that suits it best.
select
    dataset,
    identifiers,
    method,
    threshold,
    precision,
    recall,
    f1,
    largest_cluster,
    row_number() over (
        partition by dataset, identifiers, method
        order by threshold is null desc, f1 desc, threshold desc
    ) = 1 as is_drawn
from marts.identity_quality
order by dataset, identifiers, method, threshold nulls first
