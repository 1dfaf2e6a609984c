-- Fifths by what is to be expected of each, so that who bought twice is not at an end by chance. Of whom the same is
-- expected, they stand together, in the fifth of their middle; where that is everybody, nothing tells them apart.
with places as (
    select
        *,
        rank() over (order by expected_discounted_share) - 1 as behind,
        count(*) over (partition by expected_discounted_share) as alike,
        count(*) over () as everybody
    from marts.price_sensitivity
),

fifths as (
    select *, 1 + 5 * (2 * behind + alike) // (2 * everybody) as fifth
    from places
    where alike < everybody
)

select
    fifth::text as fifth,
    count(*) as customers,
    avg(expected_discounted_share) as expected_discounted_share,
    avg(expected_depth_share) as expected_depth_share,
    avg(expected_switched_share) as expected_switched_share
from fifths
group by fifth
order by fifth desc
