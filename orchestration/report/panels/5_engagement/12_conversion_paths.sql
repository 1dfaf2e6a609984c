-- The paths by which most purchases came, without those of which nothing was seen, and the rest.
select
    path,
    coalesce(sum(purchase_count) filter (where purchase_kind = 'first'), 0)::bigint as first_purchases,
    coalesce(sum(purchase_share) filter (where purchase_kind = 'first'), 0) as first_purchase_share,
    coalesce(sum(purchase_count) filter (where purchase_kind = 'later'), 0)::bigint as later_purchases,
    coalesce(sum(purchase_share) filter (where purchase_kind = 'later'), 0) as later_purchase_share,
    max(median_days) filter (where purchase_kind = 'later') as later_median_days,
    sum(net_amount)::double as path_amount
from marts.conversion_paths
where path_kind = 'channel' and path_length > 0
group by path
order by sum(purchase_count) desc, path
limit 15
