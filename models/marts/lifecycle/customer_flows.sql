-- How the customers who have bought and are not lost became as many as they are, from one day of analysis to the next:
-- opening + acquired + reactivated − lost − undone = closing.
-- Who bought for the first time and is lost already by the day was both acquired and lost.
with moves as (

    select
        transitions.*,
        coalesce(from_code, 'prospect') <> 'prospect' as has_bought_before,
        to_code <> 'prospect' as has_bought,
        coalesce(from_code, 'prospect') not in ('prospect', 'lost') as was_there,
        to_code not in ('prospect', 'lost') as is_there
    from {{ ref('lifecycle_transitions') }} as transitions
    where kind = 'state'

)

select
    days.as_of_date,
    {%- set flows = {
        'opening': 'was_there',
        'acquired': 'not has_bought_before and has_bought',
        'reactivated': "from_code = 'lost' and is_there",
        'lost': "to_code = 'lost' and from_code is distinct from 'lost'",
        'undone': 'was_there and not has_bought',
        'closing': 'is_there',
    } %}
    {%- for flow, condition in flows.items() %}
    cast(coalesce(sum(moves.customer_count) filter (where {{ condition }}), 0) as bigint) as {{ flow }}_count,
    {%- endfor %}
    days.as_of_date = cast(date_trunc('month', days.as_of_date) as date) as is_month_end
from {{ ref('int_as_of_dates') }} as days
left join moves on days.as_of_date = moves.as_of_date
group by days.as_of_date
