-- Two years of weeks that end before the day of analysis, none of which begins before the first order: by place and channel,
-- and of all of them by segment.
with numbered as (

    select sold.*, cast(floor((publication.as_of_date - 1 - sold.ordered_on) / 7) as integer) as weeks_back
    from sold
    cross join marts.publication as publication
    where sold.ordered_on >= publication.as_of_date - 7 * 105
        and 7 * (weeks_back + 1) <= publication.as_of_date - (select min(ordered_on) from marts.orders)

),

counted as (

    select
        weeks_back,
        case
            when grouping(store_id) = 0 then store_id
            when grouping(region) = 0 then region
            else 'all'
        end as place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        grouping(store_id) = 0 and store_id is null as is_outside,
        count(distinct coalesce(customer_id, order_id)) as everybody,
        count(distinct customer_id) filter (where is_purchase) as buyers,
        count(*) filter (where is_purchase) as orders,
        count(*) filter (where is_purchase and customer_id is null) as guest_orders,
        sum(net_amount) as net_amount,
        coalesce(sum(net_amount) filter (where is_purchase), 0) as purchase_amount
    from numbered
    group by weeks_back, grouping sets (
        (), (channel), (segment), (region), (region, channel), (region, store_id), (region, store_id, channel)
    )

)

select * exclude (is_outside, everybody, guest_orders), coalesce(nullif(buyers, 0), nullif(guest_orders, 0), everybody) as people
from counted
where not is_outside
order by place, channel, segment, weeks_back
