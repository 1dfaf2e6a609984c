-- How far each feed reaches, and on how many days in between it was silent. A refused row may carry an
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
    source_system,
    entity,

    as_of_date,
    first_business_on,
    last_business_on,

    business_days,
    {{ days_between('last_business_on', 'as_of_date') }} - 1 as days_behind,
    case when is_nearly_daily then days_between_them - business_days end as silent_days,

    is_nearly_daily
from judged
