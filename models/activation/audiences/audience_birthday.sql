-- Whose birthday is near.
select
    customer_id,
    play,
    expected_value_amount
from {{ ref('play_candidates') }}
where play = 'birthday'
    and channel = 'sms'
