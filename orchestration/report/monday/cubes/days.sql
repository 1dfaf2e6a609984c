-- The last year day by day, for the calendar, with how many people stand behind each day: its buyers, or else its guests, or
-- else those who brought back. What was expected is known by channel and region alone.
with numbered as (

    select
        sold.* exclude (places),
        unnest(sold.places) as place,
        (select as_of_date from marts.publication) - 1 - ordered_on as days_back
    from sold
    where ordered_on >= (select as_of_date - 371 from marts.publication)

),

counted as (

    select
        days_back,
        ordered_on,
        place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        sum(net_amount) as net_amount,
        coalesce(
            nullif(count(distinct customer_id) filter (where is_purchase), 0),
            nullif(count(*) filter (where is_purchase), 0),
            count(distinct coalesce(customer_id, order_id))
        ) as people
    from numbered
    group by days_back, ordered_on, place, cube (channel, segment)

)

select
    counted.place,
    counted.channel,
    counted.segment,
    counted.days_back,
    cast(counted.net_amount as double) as net_amount,
    daily.expected_value as expected,
    counted.people
from counted
left join marts.kpi_daily as daily
    on counted.ordered_on = daily.calendar_day
    and counted.channel = daily.channel
    and counted.place = daily.region
    and counted.segment = 'all'
    and daily.kpi = 'net_revenue'
    and daily.customer_type = 'all'
order by counted.place, counted.channel, counted.segment, counted.days_back
