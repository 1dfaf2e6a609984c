-- How many of those who first bought in a month bought in each month after it, by where and how they began; months that are not
-- over are left out.
with months as (

    select distinct
        started.cohort_month,
        started.buyer,
        unnest(started.places) as place,
        started.channel,
        started.segment,
        cast(date_diff('month', started.cohort_month, sold.ordered_on) as integer) as months_since
    from started
    inner join sold on started.buyer = sold.buyer and sold.is_purchase
    where started.cohort_month >= (select cast(date_trunc('month', as_of_date) as date) - to_months(13) from marts.publication)
        and sold.ordered_on < (select date_trunc('month', as_of_date) from marts.publication)

),

counted as (

    select
        cohort_month,
        months_since,
        place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        count(*) as people
    from months
    group by cohort_month, months_since, place, cube (channel, segment)

)

select *
from counted
where months_since between 1 and 12
order by cohort_month, months_since, place, channel, segment
