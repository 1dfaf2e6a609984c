-- How far each feed reaches, on how many days in between it was silent, and of orders whether their silence or their
-- size would fool whoever reads the marts. A refused row may carry an
-- impossible date, and the day of analysis is not over: only accepted rows of days before it speak here.
-- A feed with rows on nearly every day is silent by exception; of others a silent day says nothing.
with days as (

    select
        reconciliation.source_system,
        reconciliation.entity,
        as_of_dates.as_of_date,
        case
            when reconciliation.rows_accepted > 0
                and reconciliation.business_on < as_of_dates.as_of_date
                then reconciliation.business_on
        end as business_on
    from {{ ref('reconciliation') }} as reconciliation
    left join {{ ref('int_as_of_dates') }} as as_of_dates on as_of_dates.is_latest

),

feeds as (

    select
        source_system,
        entity,
        as_of_date,
        min(business_on) as first_business_on,
        max(business_on) as last_business_on,
        count(business_on) as business_days,
        {{ days_between('min(business_on)', 'max(business_on)') }} + 1 as days_between_them
    from days
    group by source_system, entity, as_of_date

),

judged as (

    select
        feeds.*,
        coalesce(business_days >= {{ var('nearly_daily_min_share') }} * days_between_them, false)
            as is_nearly_daily
    from feeds

)

select
    judged.source_system,
    judged.entity,
    coverage.coverage,

    judged.as_of_date,
    judged.first_business_on,
    judged.last_business_on,
    coverage.delivered_until,
    coverage.awaited_on,
    coverage.odd_on,

    judged.business_days,
    {{ days_between('judged.last_business_on', 'judged.as_of_date') }} - 1 as days_behind,
    case when judged.is_nearly_daily then judged.days_between_them - judged.business_days end as silent_days,
    coverage.missed_days,
    coverage.tolerated_days,
    coverage.odd_order_count,
    coverage.typical_order_count,
    coverage.order_share,

    judged.is_nearly_daily
from judged
left join {{ ref('int_source_coverage') }} as coverage
    on judged.source_system = coverage.source_system
    and judged.entity = 'orders'
