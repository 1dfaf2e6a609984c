-- What: a calendar knows the festivals on which nobody is written to.
-- Why: a misspelt one is no quiet day, and people are written to while they mourn.
-- Returns names of the variable quiet_events that the seed calendar_events does not have, of whichever country.
with quiet as (

    select cast(null as string) as event
    where false
    {%- for event in var('quiet_events') %}
    union all
    select '{{ event }}'
    {%- endfor %}

)

select event
from quiet
where event not in (select event from {{ ref('calendar_events') }})
