-- Which part of a name is given and which is of the family. Hanzi begin with the family; Latin letters are
-- taken to end with it and to begin with the given name, and a single word to be the family's. What people call
-- each other is half a name: 老 goes before the family's, 小 and 阿 before a given one.
with parted as (

    select
        accounts.account_id,
        readings.hanzi,
        readings.reading,
        keys.name_key,
        split_part(readings.reading, ' ', 1) as first_word,
        {{ regex_replace_all('readings.reading', '^.* ', '') }} as last_word
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_name_readings') }} as readings on accounts.plain_name = readings.name
    left join {{ ref('int_name_keys') }} as keys on readings.name = keys.name
    where readings.reading is not null

)

select
    account_id,
    case
        when hanzi like '老_' then null
        when hanzi is not null then last_word
        when reading <> last_word then first_word
    end as given_name,
    case
        when hanzi like '老_' then last_word
        when hanzi like '小_' or hanzi like '阿_' then null
        when hanzi is not null then first_word
        else last_word
    end as family_name,
    case when not {{ regex_matches('hanzi', '^[老小阿].$') }} then substring(hanzi, 2) end as given_hanzi,
    name_key
from parted
