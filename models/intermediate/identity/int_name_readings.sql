-- How names are read in Latin letters, so that 王伟 and 'Wang Wei' are one name. A name of two to four Hanzi
-- is a surname and what is given; a surname of two Hanzi is one of the seed.
-- A name has three given Hanzi at most, and eight Latin words: with more it is no person's, nor with a digit (wei123).
with places as (

    select 1 as place union all select 2 union all select 3

),

names as (

    select distinct
        plain_name as name,
        case when {{ regex_matches('plain_name', '^[' ~ hanzi() ~ ' ]+$') }} then replace(plain_name, ' ', '') end
            as hanzi
    from {{ ref('int_accounts') }}
    where plain_name is not null

),

surnames as (

    select
        names.name,
        names.hanzi,
        left(names.hanzi, case when compound.hanzi is null then 1 else 2 end) as surname
    from names
    left join {{ ref('hanzi_readings') }} as compound
        on case when length(names.hanzi) > 2 then left(names.hanzi, 2) end = compound.hanzi
    where length(names.hanzi) between 2 and 4

),

given_names as (

    select
        surnames.name,
        surnames.surname,
        max(case when places.place = 1 then readings.reading end)
        || coalesce(max(case when places.place = 2 then readings.reading end), '')
        || coalesce(max(case when places.place = 3 then readings.reading end), '') as reading
    from surnames
    inner join places on places.place <= length(surnames.hanzi) - length(surnames.surname)
    left join {{ ref('hanzi_readings') }} as readings
        on substring(surnames.hanzi, length(surnames.surname) + places.place, 1) = readings.hanzi
    group by surnames.name, surnames.surname
    having count(readings.reading) = count(*)

)

select
    names.name,
    case
        when names.hanzi is not null
            then coalesce(readings.surname_reading, readings.reading) || ' ' || given_names.reading
        when {{ regex_matches('names.name', '^[a-z]+( [a-z]+){0,7}$') }}
            then {{ plain_pinyin('names.name') }}
    end as reading,
    names.hanzi
from names
left join given_names on names.name = given_names.name
left join {{ ref('hanzi_readings') }} as readings on given_names.surname = readings.hanzi
