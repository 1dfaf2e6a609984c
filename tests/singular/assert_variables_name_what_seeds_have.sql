-- What: the seeds know the festivals and the parts of the day that variables name.
-- Why: on a misspelt festival people are written to while they mourn, and a service that is closed seems slow.
-- Returns names of variables that their seed does not have (of festivals, for no country), and which it has.
{%- set lists = {
    'quiet_events': 'calendar_events',
    'service_closed_events': 'calendar_events',
    'cluster_lunch_dayparts': 'dayparts',
    'cluster_evening_dayparts': 'dayparts',
} %}
with named as (

    select cast(null as string) as variable, cast(null as string) as seed, cast(null as string) as name
    where false
    {%- for variable, seed in lists.items() %}
    {%- for name in var(variable) %}
    union all
    select '{{ variable }}', '{{ seed }}', '{{ name }}'
    {%- endfor %}
    {%- endfor %}

),

known as (

    select 'calendar_events' as seed, event as name from {{ ref('calendar_events') }}
    union all
    select 'dayparts', daypart from {{ ref('dayparts') }}

)

select named.variable, named.name, named.seed, {{ join_array('known.name', ', ') }} as known_names
from named
left join known on named.seed = known.seed
group by named.variable, named.name, named.seed
having count(case when known.name = named.name then 1 end) = 0
