-- The words of a name in the order of the alphabet, so that 'Wang Wei' and 'Wei, WANG' have one key. A word
-- that comes twice stays twice.
with places as (

    select 1 as place union all select 2 union all select 3 union all select 4 union all
    select 5 union all select 6 union all select 7 union all select 8

),

words as (

    select
        readings.name,
        split_part(readings.reading, ' ', places.place) as word,
        count(*) as times
    from {{ ref('int_name_readings') }} as readings
    inner join places on split_part(readings.reading, ' ', places.place) <> ''
    group by readings.name, split_part(readings.reading, ' ', places.place)

)

select
    name,
    {{ join_array("word || case when times > 1 then ' ' || word else '' end", ' ') }} as name_key
from words
group by name
