-- Who registered, and never bought.
select
    customer_id,
    play,
    expected_value_amount
from {{ ref('play_candidates') }}
where play = 'first_order'
    and channel = 'sms'
