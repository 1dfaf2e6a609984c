-- Fifths by what is to be expected of each, so that who bought twice is not at an end by chance.
with fifths as (
    select *, ntile(5) over (order by expected_discounted_share, customer_id) as fifth
    from marts.price_sensitivity
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
