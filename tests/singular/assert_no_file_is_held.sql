-- What: every file in the landing folder could be loaded.
-- Why: marts without a day's orders would call its customers silent. A refresh knows it before it builds; this is for
-- those who run dbt alone.
-- Returns the files of which the last that was said is that they are held; the reason says what to do.
with latest as (

    select
        deliveries.*,
        row_number() over (
            partition by source_system, feed, file
            order by event_number desc nulls last
        ) as recency
    from {{ ref('stg_landing__deliveries') }} as deliveries
    where source_system in ('{{ var("sources").keys() | join("', '") }}')

)

select
    source_system,
    feed,
    file,
    reason
from latest
where recency = 1
    and status = 'held'
