-- Whom an e-mail may bring back, and is worth it.
select
    customer_id,
    play,
    expected_value_amount
from {{ ref('play_candidates') }}
where play = 'winback'
    and channel = 'email'
    and expected_value_amount > 0
