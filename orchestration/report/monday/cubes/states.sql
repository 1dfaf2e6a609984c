-- Customers by state at the latest month ends, by where they are at home, by the channel where they spend most and by segment, all
-- of today; without those who are lost, of whom there are ever more, and those who never bought.
with homes as (

    select
        lifecycle.as_of_date,
        lifecycle.state,
        at_home.channel,
        at_home.segment,
        at_home.places,
        any_value(lifecycle.state_name_en) as state_name_en,
        any_value(lifecycle.state_name_zh) as state_name_zh,
        count(*) as people
    from marts.customer_lifecycle as lifecycle
    inner join at_home on lifecycle.customer_id = at_home.customer_id
    where lifecycle.state not in ('lost', 'prospect')
    group by lifecycle.as_of_date, lifecycle.state, at_home.channel, at_home.segment, at_home.places

),

at_places as (

    select * exclude (places), unnest(places) as place
    from homes

)

select
    as_of_date,
    place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    state,
    any_value(state_name_en) as state_en,
    any_value(state_name_zh) as state_zh,
    cast(sum(people) as bigint) as people
from at_places
group by as_of_date, state, place, cube (channel, segment)
order by as_of_date, place, channel, segment, list_position(['active', 'reactivated', 'new', 'dormant'], state)
