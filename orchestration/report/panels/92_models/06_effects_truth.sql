-- The mean of what the truth says of the complaints that the comparison looks at, whose 90 days are over, beside what it found.
with true_effects as (
    select
        case when grouping(reason) = 1 then 'all' else reason end as reason,
        count(*) as complaints,
        100 * avg(repurchase_effect) as true_points
    from truth_complaint_effects as truth
    inner join marts.orders on truth.order_id = orders.order_id
    where orders.customer_id is not null
        and orders.ordered_on + 90 < (select as_of_date from marts.key_figures)
    group by grouping sets ((reason), ())
)

select
    found.reason,
    true_effects.complaints,
    true_effects.true_points,
    100 * found.difference as points_difference,
    100 * found.low_difference as points_from,
    100 * found.high_difference as points_to,
    true_effects.true_points between points_from and points_to as is_inside
from marts.service_effects as found
inner join true_effects using (reason)
where found.measure = 'repurchase'
order by found.reason = 'all', found.reason
