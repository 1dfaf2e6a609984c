-- Files that wait in the landing folder because they can't be loaded: the last that was said of them
-- is that they are held.
with deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

latest as (

    select
        deliveries.*,
        row_number() over (
            partition by source_system, feed, file
            order by event_number desc nulls last
        ) as recency
    from deliveries
    where source_system in ('{{ var("sources").keys() | join("', '") }}')

),

held as (

    select
        source_system,
        feed,
        file,
        reason
    from latest
    where recency = 1
        and status = 'held'

)

select * from held
