-- Of the last thirty leaflets that are over, all categories together.
select
    promotion_id,
    min(starts_on) as starts_on,
    max(ends_on) as ends_on,
    sum(product_count)::bigint as product_count,
    sum(sold_quantity) as sold_quantity,
    sum(expected_quantity) as expected_quantity,
    sum(lift_quantity) as lift_quantity,
    sum(pulled_forward_quantity) as pulled_forward_quantity,
    sum(taken_quantity) as taken_quantity,
    sum(kept_quantity) as kept_quantity
from marts.promotion_effects
where is_over
group by promotion_id
order by ends_on desc, promotion_id
limit 30
