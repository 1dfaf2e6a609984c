-- A file that is delivered again under its old name replaces its former version. Files are put in
-- the order of their names, not of their arrival, so that late files give the same result; the same
-- bytes under several names stand at the last of them. Names in one place, as a.csv and a.csv.gz,
-- are told apart by their letters.
with landed as (

    select
        deliveries.*,
        row_number() over (
            partition by source_system, feed, file
            order by event_number desc nulls last
        ) as recency
    from {{ ref('stg_landing__deliveries') }} as deliveries
    where status = 'landed'
    {%- if var('known_at') %}
        and landed_at < cast('{{ var("known_at") }}' as timestamp)
    {%- endif %}

),

placed as (

    select
        batch,
        file,
        row_number() over (
            order by delivery_order nulls last, file nulls last, batch nulls last
        ) as place
    from landed
    where recency = 1

)

select
    batch,
    max_by(file, place) as file,
    cast(row_number() over (order by max(place) nulls last, batch nulls last) as bigint)
        as delivery_number
from placed
group by batch
