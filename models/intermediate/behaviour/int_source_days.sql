-- The orders of each source on every trading day of the shop that is over, also where it has none, beside what is
-- typical of it: the same day of the week in the weeks before, the day itself left out. Counts are compared by their
-- square roots, which scatter alike whatever their size, so that a quiet day of a small shop is chance and that of a
-- large one is not. A source that is declared closed begins anew on that day: what came before is no measure.
with shop_days as (

    select distinct
        business_on,
        day_number,
        shop_order_count,
        {{ iso_weekday('business_on') }} as iso_weekday
    from {{ ref('int_trading_days') }}
    where is_over

),

sources as (

    select
        source_system,
        min(business_on) as first_on
    from {{ ref('int_trading_days') }}
    group by source_system

),

days as (

    select
        sources.source_system,
        shop_days.business_on,
        shop_days.day_number,
        shop_days.iso_weekday,
        coalesce(trading_days.order_count, 0) as order_count,
        shop_days.shop_order_count
    from sources
    inner join shop_days on sources.first_on <= shop_days.business_on
    left join {{ ref('int_trading_days') }} as trading_days
        on sources.source_system = trading_days.source_system
        and shop_days.business_on = trading_days.business_on

),

compared as (

    select
        days.*,
        count(*) over same_weekday as compared_days,
        sum(case when order_count > 0 then 1 else 0 end) over same_weekday as traded_days,
        sum({{ steady_count('order_count') }}) over same_weekday as steady_sum
    from days
    where coalesce(business_on >= {{ declared_day('closed_sources') }}, true)
    window same_weekday as (
        partition by source_system, iso_weekday order by business_on nulls last
        rows between {{ var('volume_weeks') }} preceding and 1 preceding
    )

),

typical as (

    select
        compared.*,
        case
            when 2 * compared_days >= {{ var('volume_weeks') }}
                then {{ round_half_up('steady_sum * steady_sum / (compared_days * compared_days) - 0.375', 1) }}
        end as typical_order_count,
        coalesce(
            2 * compared_days >= {{ var('volume_weeks') }}
            and traded_days >= {{ var('usual_day_min_share') }} * compared_days,
            false
        ) as is_usual_day
    from compared

)

select
    source_system,
    business_on,
    day_number,
    order_count,
    shop_order_count,
    typical_order_count,
    {{ surprise('order_count', 'typical_order_count') }} as surprise,
    cast(sum(order_count) over week as bigint) as week_order_count,
    sum(case when order_count > 0 then typical_order_count end) over week as typical_week_order_count,
    is_usual_day
from typical
window week as (
    partition by source_system order by business_on nulls last
    rows between 6 preceding and current row
)
