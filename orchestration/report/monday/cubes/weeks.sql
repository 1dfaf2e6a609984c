-- Two years of weeks that end before the day of analysis, none of which begins before the first order, by place, channel and
-- segment.
with numbered as (

    select
        sold.* exclude (places),
        unnest(sold.places) as place,
        cast(floor((publication.as_of_date - 1 - sold.ordered_on) / 7) as integer) as weeks_back
    from sold
    cross join marts.publication as publication
    where sold.ordered_on >= publication.as_of_date - 7 * 105
        and 7 * (cast(floor((publication.as_of_date - 1 - sold.ordered_on) / 7) as integer) + 1)
            <= publication.as_of_date - (select min(ordered_on) from marts.orders)

),

counted as (

    select
        weeks_back,
        place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        count(distinct coalesce(customer_id, order_id)) as everybody,
        count(distinct customer_id) filter (where is_purchase) as buyers,
        count(*) filter (where is_purchase) as orders,
        count(*) filter (where is_purchase and customer_id is null) as guest_orders,
        sum(net_amount) as net_amount,
        coalesce(sum(net_amount) filter (where is_purchase), 0) as purchase_amount
    from numbered
    group by weeks_back, place, cube (channel, segment)

)

select * exclude (everybody, guest_orders), coalesce(nullif(buyers, 0), nullif(guest_orders, 0), everybody) as people
from counted
order by place, channel, segment, weeks_back
