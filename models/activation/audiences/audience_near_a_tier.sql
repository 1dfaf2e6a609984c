-- Who is one usual month from the next tier, or about to lose one.
select
    customer_id,
    play,
    expected_value_amount
from {{ ref('play_candidates') }}
where play in ('upgrade', 'tier_falling')
    and channel = 'email'
