-- Who bought once, and is not gone.
select
    customer_id,
    play,
    expected_value_amount
from {{ ref('play_candidates') }}
where play = 'second_purchase'
    and channel = 'email'
