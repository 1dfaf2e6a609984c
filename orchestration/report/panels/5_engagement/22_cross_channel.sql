select
    earlier_kind as kind,
    count(*) as customers,
    count(*) / sum(count(*)) over () as customer_share,
    coalesce(sum(later_amount)::double / nullif(sum(sum(later_amount)::double) over (), 0), 0) as amount_share,
    sum(later_amount)::double as later_sum,
    avg(later_amount::double) as later_amount,
    avg(single_kind_amount) as single_kind_amount,
    avg(later_amount::double) - avg(single_kind_amount) as naive_difference,
    count(matched_amount) as matched_customers,
    avg(matched_amount) as matched_amount,
    avg(later_amount::double) filter (where matched_amount is not null) - avg(matched_amount) as matched_difference
from marts.cross_channel_customers
where compared_on is not null
group by earlier_kind
order by earlier_kind = 'both' desc, earlier_kind
