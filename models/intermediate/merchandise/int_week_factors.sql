-- By how much a week sells more, or less, than others for the festivals in it. A festival's factor is what its days sold
-- by what they would have without it: at the level of the ordinary days within four weeks around, in the usual share of
-- their day of the week. The level is that of these days together, by their shares, so that days on which the shop is closed,
-- or sells next to nothing, don't move it. A factor is drawn to 1 as if so many ordinary days had been seen too, so that one
-- odd day is no festival. A festival that has not been seen yet has 1.
with ordinary as (

    select
        iso_weekday,
        cast(sum(sales_amount) as double) / count(*) as weekday_amount
    from {{ ref('int_trade_days') }}
    where event is null
        and not is_ahead
    group by iso_weekday

),

shares as (

    select
        iso_weekday,
        weekday_amount * count(*) over () / nullif(sum(weekday_amount) over (), 0) as weekday_share
    from ordinary

),

levelled as (

    select
        days.calendar_day,
        days.week_on,
        days.event,
        days.is_ahead,
        days.sales_amount,
        coalesce(shares.weekday_share, 1) as weekday_share,
        coalesce(shares.weekday_share, 1)
            * cast(sum(case when days.event is null then days.sales_amount end) over around as double)
            / nullif(cast(
                sum(case when days.event is null and not days.is_ahead then cast(shares.weekday_share as decimal(28,12)) end)
                    over around
                as double
            ), 0) as usual_amount
    from {{ ref('int_trade_days') }} as days
    left join shares on days.iso_weekday = shares.iso_weekday
    window around as (
        order by days.calendar_day nulls last rows between 28 preceding and 28 following
    )

),

festivals as (

    select
        event,
        pow(
            greatest(cast(sum(sales_amount) as double), 0.01)
                / nullif(cast(sum(cast(usual_amount as decimal(28,12))) as double), 0),
            count(*) / (count(*) + {{ var('festival_prior_days') }})
        ) as festival_factor
    from levelled
    where event is not null
        and not is_ahead
        and usual_amount > 0
    group by event

)

select
    levelled.week_on,
    levelled.is_ahead,
    cast(case
        when levelled.is_ahead then dense_rank() over (partition by levelled.is_ahead order by levelled.week_on nulls last)
        else dense_rank() over (partition by levelled.is_ahead order by levelled.week_on desc nulls last) - 1
    end as bigint) as weeks_away,
    cast(sum(cast(levelled.weekday_share * coalesce(festivals.festival_factor, 1) as decimal(28,12))) as double)
        / cast(sum(cast(levelled.weekday_share as decimal(28,12))) as double) as week_factor
from levelled
left join festivals on levelled.event = festivals.event
group by levelled.week_on, levelled.is_ahead
